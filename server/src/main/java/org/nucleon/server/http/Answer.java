package org.nucleon.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.json.Json;

/**
 * One HTTP answer.
 *
 * @param status the HTTP status
 * @param body JSON, empty for none
 * @param stream writes a body of unknown length after the status, instead of {@code body}
 * @param headers beside those that every answer has
 */
public record Answer(
    int status, byte[] body, @Nullable Stream stream, Map<String, String> headers) {

  /** What is not possible now may be soon: a database restarts in seconds. */
  private static final String RETRY_AFTER_SECONDS = "2";

  /** Writes a body as long as there is something to write. */
  @FunctionalInterface
  public interface Stream {
    /** Writes until the end or until the client is gone. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** An answer with a body that is JSON already. */
  public static Answer of(int status, byte[] body) {
    return new Answer(status, body, null, Map.of());
  }

  /** An answer with a JSON value. */
  public static Answer json(int status, Object value) {
    return of(status, Json.bytes(value));
  }

  /** 200 with a body that goes on. */
  public static Answer streaming(Stream stream) {
    return new Answer(200, new byte[0], stream, Map.of());
  }

  /** The same with one header. */
  public Answer with(String header, String value) {
    return new Answer(status, body, stream, Map.of(header, value));
  }

  /** Neutron's form of a refusal. */
  public static Answer error(ApiException e) {
    Answer answer = error(e.status(), e.type(), String.valueOf(e.getMessage()));
    return e.status() == 503 ? answer.with("Retry-After", RETRY_AFTER_SECONDS) : answer;
  }

  /** Neutron's form of a refusal. */
  public static Answer error(int status, String type, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", type);
    error.put("message", message);
    error.put("detail", "");
    return json(status, Map.of(status == 501 ? "NotImplementedError" : "NeutronError", error));
  }
}
