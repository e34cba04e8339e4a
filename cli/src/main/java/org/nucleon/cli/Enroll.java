package org.nucleon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;
import org.nucleon.server.watch.Enrollment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Lets a host's agent connect, or no longer. Works on the state folder, whether a server runs on it
 * or not.
 */
@Command(
    name = "enroll",
    description = "Writes the file with which a host's agent connects to this server.",
    mixinStandardHelpOptions = true)
final class Enroll implements Callable<Integer> {

  private static final String MODE = "rw-------";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "HOST", description = "the host's name, as in binding:host_id")
  private String host = "";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "the server's state folder (default: as for server)")
  private @Nullable Path state;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "where the agent finds the server (default: https://THIS-HOST:9697)")
  private @Nullable String server;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to write; an older file is replaced")
  private @Nullable Path out;

  @Option(
      names = "--withdraw",
      description = "the host's token no longer works; an open watch of it ends with the server")
  private boolean withdraw;

  @Override
  public Integer call() throws Refusal {
    StateFolder folder = StateFolder.at(state);
    try {
      Enrollment enrollment = new Enrollment(folder.enrolled());
      return withdraw ? withdraw(enrollment) : enroll(enrollment, folder);
    } catch (IOException e) {
      throw new Refusal("cannot enroll " + host + ": " + Causes.plain(e));
    } catch (IllegalArgumentException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  private int withdraw(Enrollment enrollment) throws IOException, Refusal {
    if (!enrollment.withdraw(host)) {
      throw new Refusal(host + " is not enrolled");
    }
    say(host + " is no longer enrolled");
    return 0;
  }

  private int enroll(Enrollment enrollment, StateFolder folder) throws IOException, Refusal {
    if (out == null) {
      throw new Refusal("--out FILE is missing: where to write what the agent needs");
    }
    String url = server == null ? "https://" + thisHost() + ":9697" : https(server);
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("server", url);
    file.put("host", host);
    file.put("token", enrollment.enroll(host));
    file.put("certificate", AgentCertificate.of(folder.keystore()).pem());
    write(out.toAbsolutePath(), Json.text(file) + "\n");
    say("wrote " + out + "; give it to the agent on " + host + ", and to nobody else");
    return 0;
  }

  private static String https(String url) throws Refusal {
    try {
      URI uri = URI.create(url);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // not a URL at all
    }
    throw new Refusal("--server " + url + ": https://HOST:PORT expected");
  }

  private static String thisHost() throws UnknownHostException {
    return InetAddress.getLocalHost().getHostName();
  }

  /** The file is never there half, and never readable by others. */
  private static void write(Path target, String text) throws IOException {
    Path folder = target.getParent();
    Path fresh =
        Files.createTempFile(
            folder,
            ".enroll",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)));
    Files.writeString(fresh, text);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void say(String line) {
    PrintWriter writer = spec.commandLine().getOut();
    writer.println(line);
    writer.flush();
  }
}
