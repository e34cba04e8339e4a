package org.nucleon.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test method its lab, and tells what the lab looked like when the method failed. */
final class LabExtension implements ParameterResolver, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace LABS =
      ExtensionContext.Namespace.create(LabExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // The store closes it after the test method and its @AfterEach.
    return context.getStore(LABS).computeIfAbsent(Lab.class, _ -> Lab.open(), Lab.class);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    Lab lab = context.getStore(LABS).get(Lab.class, Lab.class);
    if (lab != null && context.getExecutionException().isPresent()) {
      System.err.println(context.getDisplayName() + " failed; the lab then:" + lab.report());
      if (Boolean.getBoolean("lab.hold")) {
        hold(lab);
      }
    }
  }

  /** Waits, practically without end, for somebody who looks around to make a file. */
  private static void hold(Lab lab) {
    lab.publish();
    Path go = Path.of("/run/lab/continue");
    String enter = "LAB=" + System.getenv("NUCLEON_LAB") + " ./nucleon lab shell";
    System.err.println("Look around with: " + enter + "; make " + go + " there to go on");
    Eventually.within(Duration.ofDays(1), "somebody makes " + go, () -> Files.exists(go));
  }
}
