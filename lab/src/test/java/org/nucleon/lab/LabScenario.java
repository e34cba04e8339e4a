package org.nucleon.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Marks a class of scenarios: a test method may take a {@link Lab}, fresh for it and closed after
 * it. If the method fails, the lab's {@link Lab#report() report} is printed first. The class is
 * also tagged "lab".
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
@Execution(ExecutionMode.CONCURRENT)
public @interface LabScenario {}
