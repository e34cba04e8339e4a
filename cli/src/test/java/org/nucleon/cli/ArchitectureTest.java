package org.nucleon.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The floors of the house: who never knows of whom. */
final class ArchitectureTest {

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.nucleon");

  private static final String OURS = "org.nucleon..";
  private static final Set<String> HOUSE =
      Set.of("core", "store", "server", "host", "agent", "cli", "lab", "bench");

  /** The part of the house or the feature that a class belongs to. */
  private static String part(JavaClass type) {
    String[] names = type.getPackageName().split("\\.");
    return names.length > 2 ? names[2] : "";
  }

  private static Set<String> features() {
    return ALL.stream()
        .map(ArchitectureTest::part)
        .filter(part -> !part.isEmpty() && !HOUSE.contains(part))
        .collect(Collectors.toSet());
  }

  @Test
  void theHouseIsThere() {
    assertThat(ALL.stream().map(ArchitectureTest::part))
        .contains("core", "store", "server", "host", "agent", "network", "ml2");
  }

  @Test
  void hostStandsOnNothingOfOurs() {
    onlyKnows("org.nucleon.host..", "org.nucleon.host..");
  }

  @Test
  void coreStandsOnNothingOfOurs() {
    onlyKnows("org.nucleon.core..", "org.nucleon.core..");
  }

  @Test
  void storeStandsOnCore() {
    onlyKnows("org.nucleon.store..", "org.nucleon.store..", "org.nucleon.core..");
  }

  @Test
  void serverStandsOnCoreAndStore() {
    onlyKnows(
        "org.nucleon.server..",
        "org.nucleon.server..",
        "org.nucleon.store..",
        "org.nucleon.core..");
  }

  @Test
  void agentStandsOnCoreAndHost() {
    onlyKnows(
        "org.nucleon.agent..", "org.nucleon.agent..", "org.nucleon.host..", "org.nucleon.core..");
  }

  private static void onlyKnows(String floor, String... below) {
    noClasses()
        .that()
        .resideInAPackage(floor)
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS)
                .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(below))))
        .check(ALL);
  }

  @Test
  void featuresMeetThroughTheirApis() {
    for (String feature : features()) {
      String own = "org.nucleon." + feature + "..";
      noClasses()
          .that()
          .resideInAPackage(own)
          .should()
          .dependOnClassesThat(
              describe(
                  "are another feature's own",
                  type ->
                      features().contains(part(type))
                          && !part(type).equals(feature)
                          && !type.getPackageName()
                              .matches("org\\.nucleon\\.[a-z0-9]+\\.api(\\..*)?")))
          .check(ALL);
    }
  }

  @Test
  void serverAndAgentSidesOfAFeatureDoNotMeet() {
    for (String feature : features()) {
      String server = "org.nucleon." + feature + ".server..";
      String agent = "org.nucleon." + feature + ".agent..";
      String api = "org.nucleon." + feature + ".api..";
      never(
          server,
          agent,
          "org.nucleon.agent..",
          "org.nucleon.host..",
          "org.nucleon.server..",
          "org.nucleon.store..");
      never(agent, server, "org.nucleon.server..", "org.nucleon.store..");
      never(api, server, agent, "org.nucleon.server..", "org.nucleon.store..");
    }
  }

  private static void never(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAnyPackage(to))
        .allowEmptyShould(true)
        .check(ALL);
  }

  /** A comparison that ends early tells how much of a guess was right. */
  @Test
  void secretsAreComparedInConstantTime() {
    noClasses()
        .that()
        .haveSimpleName("Enrollment")
        .should()
        .callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class)
        .orShould()
        .callMethod(String.class, "equals", Object.class)
        .orShould()
        .callMethod(String.class, "equalsIgnoreCase", String.class)
        .orShould()
        .callMethod(java.util.Objects.class, "equals", Object.class, Object.class)
        .check(ALL);
  }
}
