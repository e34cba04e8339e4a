package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.Action;
import org.nucleon.core.feature.Preparation;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.StandardAttributes;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Rules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.server.quota.Quotas;

/** Creates, shows, lists, changes and removes resources of any declared type for clients. */
public final class ResourceService {

  private final Engine engine;
  private final Rules rules;
  private final Rights rights;
  private final Quotas quotas;
  private final Map<ResourceType, List<Preparation>> preparations;

  /**
   * Serves what the engine holds.
   *
   * @param preparations what is made before a caller lists resources of a type
   */
  public ResourceService(
      Engine engine,
      Rules rules,
      Rights rights,
      Quotas quotas,
      Map<ResourceType, List<Preparation>> preparations) {
    this.quotas = quotas;
    this.preparations = preparations;
    this.engine = engine;
    this.rules = rules;
    this.rights = rights;
  }

  Engine engine() {
    return engine;
  }

  Rights rights() {
    return rights;
  }

  Picture picture() {
    return engine.picture();
  }

  /** All of them or, if one is refused, none. */
  List<Resource> create(Place place, List<BodyParser.Body> bodies, Caller caller) {
    Layout layout = place.layout();
    return engine.write(
        caller,
        tx -> {
          Optional<Resource> whole = rights.whole(tx, caller, place);
          List<Draft> drafts = new ArrayList<>(bodies.size());
          for (BodyParser.Body body : bodies) {
            Draft draft =
                tx.draft(layout.type(), whole.map(Resource::project).orElse(body.project()));
            whole.ifPresent(of -> draft.set(layout.parent().orElseThrow(), of.id()));
            body.giveTo(draft);
            drafts.add(draft);
          }
          if (drafts.size() > 1) {
            rules.of(layout.type()).forEach(rule -> rule.onBulkRequest(tx, drafts));
          }
          List<Resource> created = new ArrayList<>(bodies.size());
          for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            for (ResourceRules rule : rules.of(layout.type())) {
              rule.onCreateRequest(tx, draft);
            }
            rights.checkCreate(tx, caller, draft, layout, bodies.get(i));
            Resource made = place.parts().create(tx, draft);
            tx.requested(made);
            created.add(made);
            quotas.check(tx, layout.type(), draft.project());
          }
          return created;
        });
  }

  Resource show(Place place, String id, Caller caller) {
    return place.isAlias()
        ? rights.changeable(engine.picture(), caller, place, id, place.rule("get"))
        : rights.visible(engine.picture(), caller, place, id);
  }

  /**
   * Makes what the caller's project is to have before it looks for it. A server that cannot write
   * shows what there is.
   */
  void prepare(Layout layout, Caller caller) {
    for (Preparation preparation : preparations.getOrDefault(layout.type(), List.of())) {
      if (engine.isWritable() && preparation.isNeeded(engine.picture(), caller)) {
        engine.write(
            caller,
            tx -> {
              preparation.make(tx);
              return true;
            });
      }
    }
  }

  /** Does something with the resource in a path for which there is a rule. */
  void with(
      Layout layout, String id, String rule, Caller caller, BiConsumer<Transaction, Resource> act) {
    engine.write(
        caller,
        tx -> {
          act.accept(tx, rights.changeable(tx, caller, Place.of(layout), id, rule));
          return true;
        });
  }

  ListQuery.Page list(Picture picture, Place place, ListQuery query, Caller caller) {
    @Nullable Collection<Resource> parts =
        rights.whole(picture, caller, place).map(whole -> place.of(picture, whole)).orElse(null);
    return query.run(
        picture, place.layout(), parts, caller, resource -> rights.sees(picture, caller, resource));
  }

  Resource update(
      Place place, String id, BodyParser.Body body, @Nullable String ifMatch, Caller caller) {
    Layout layout = place.layout();
    return engine.write(
        caller,
        tx -> {
          Resource before = target(tx, place, id, place.rule("update"), ifMatch);
          Draft draft = new Draft(before);
          body.giveTo(draft);
          for (ResourceRules rule : rules.of(layout.type())) {
            rule.onUpdateRequest(tx, draft);
          }
          rights.checkGiven(tx, caller, draft, layout, body, Operation.UPDATE);
          return place.parts().update(tx, draft);
        });
  }

  /** Changes a resource otherwise than by its attributes' names. */
  Resource change(
      Place place,
      String id,
      @Nullable String ifMatch,
      Caller caller,
      java.util.function.Consumer<Draft> change) {
    return engine.write(
        caller, tx -> tx.update(target(tx, place, id, place.rule("update"), ifMatch), change));
  }

  void delete(Place place, String id, @Nullable String ifMatch, Caller caller) {
    Layout layout = place.layout();
    engine.write(
        caller,
        tx -> {
          Resource resource = target(tx, place, id, place.rule("delete"), ifMatch);
          for (ResourceRules rule : rules.of(layout.type())) {
            rule.onDeleteRequest(tx, resource);
          }
          place.parts().delete(tx, resource);
          return true;
        });
  }

  Object act(
      Place place,
      String id,
      String name,
      Action action,
      Map<String, @Nullable Object> body,
      @Nullable String ifMatch,
      Caller caller) {
    return engine.write(caller, tx -> action.run(tx, target(tx, place, id, name, ifMatch), body));
  }

  private Resource target(
      Transaction tx, Place place, String id, String rule, @Nullable String ifMatch) {
    Resource resource = rights.changeable(tx, tx.caller(), place, id, rule);
    tx.requested(resource);
    // like Neutron: a revision that nobody is shown is none to insist on
    boolean isShown = place.type().standard() != StandardAttributes.NONE;
    if (isShown && ifMatch != null && ifMatch.startsWith("revision_number=")) {
      String wanted = ifMatch.substring("revision_number=".length());
      if (!wanted.matches("\\d{1,9}")) {
        throw ApiException.badRequest("BadRequest", "Bad if-match request: revision_number");
      }
      if (Integer.parseInt(wanted) != resource.revision()) {
        throw new ApiException(
            412,
            "RevisionNumberConstraintFailed",
            "Constrained to " + wanted + ", but current revision is " + resource.revision());
      }
    }
    return resource;
  }
}
