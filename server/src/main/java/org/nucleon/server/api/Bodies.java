package org.nucleon.server.api;

import java.util.Map;
import org.nucleon.core.ApiException;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/** The outer form of request bodies: JSON objects with one wrapper. */
public final class Bodies {

  private Bodies() {}

  /**
   * The object that a body is.
   *
   * @param wrapper the name that it should have, for messages
   */
  public static Map<?, ?> object(byte[] body, String wrapper) {
    if (body.length == 0) {
      throw bad("Unable to find '" + wrapper + "' in request body");
    }
    try {
      if (Json.parse(body) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (MalformedJson e) {
      throw bad("Body contains invalid data");
    }
    throw bad("Body contains invalid data");
  }

  /**
   * The object under the wrapper.
   *
   * @throws ApiException 400 if there is none
   */
  public static Map<?, ?> inner(byte[] body, String wrapper) {
    return inner(object(body, wrapper), wrapper);
  }

  static Map<?, ?> inner(Map<?, ?> outer, String wrapper) {
    if (!outer.containsKey(wrapper)) {
      throw bad("Unable to find '" + wrapper + "' in request body");
    }
    if (outer.get(wrapper) instanceof Map<?, ?> map) {
      return map;
    }
    throw bad("Object '" + wrapper + "' contains invalid data");
  }

  /** 400 of type HTTPBadRequest. */
  public static ApiException bad(String message) {
    return ApiException.badRequest("HTTPBadRequest", message);
  }
}
