package org.nucleon.core.schema;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;

/**
 * The declaration of one attribute of one resource type, and the typed key by which rules and
 * planners read and set it. Immutable: each method gives a changed copy, and the constant that a
 * feature keeps is the last of them. It exists in a running system only once a {@link Catalog}
 * holds it.
 *
 * @param <T> the type of its values
 */
public final class Attribute<T> {

  private final ResourceType resource;
  private final String name;
  private final ValueType<T> type;
  private String about = "";
  private Set<Operation> settable = Set.of();
  private boolean required;
  private boolean nullable;
  private boolean filledByServer;
  private boolean hidden;
  private boolean filter;
  private boolean sort;
  private boolean indexed;
  private boolean reported;
  private boolean ignorable;
  private @Nullable T defaultValue;
  private @Nullable T absent;
  private boolean clearedByNull;
  private boolean defaultIsFree;
  private boolean parent;
  private Access createAccess = Access.OWNER;
  private Access updateAccess = Access.OWNER;
  private Access readAccess = Access.OWNER;
  private @Nullable Extension extension;
  private @Nullable Derivation<T> derivation;
  private boolean ofItself;
  private boolean stored = true;
  private Predicate<Resource> showing = resource -> true;
  private @Nullable Function<Resource, List<@Nullable T>> found;
  private Map<String, Access> createMembers = Map.of();
  private Map<String, Access> updateMembers = Map.of();

  private Attribute(ResourceType resource, String name, ValueType<T> type) {
    this.resource = resource;
    this.name = name;
    this.type = type;
  }

  private Attribute(Attribute<T> from) {
    this(from.resource, from.name, from.type);
    about = from.about;
    settable = from.settable;
    required = from.required;
    nullable = from.nullable;
    filledByServer = from.filledByServer;
    hidden = from.hidden;
    filter = from.filter;
    sort = from.sort;
    indexed = from.indexed;
    reported = from.reported;
    ignorable = from.ignorable;
    defaultValue = from.defaultValue;
    absent = from.absent;
    clearedByNull = from.clearedByNull;
    defaultIsFree = from.defaultIsFree;
    parent = from.parent;
    createAccess = from.createAccess;
    updateAccess = from.updateAccess;
    readAccess = from.readAccess;
    extension = from.extension;
    derivation = from.derivation;
    ofItself = from.ofItself;
    stored = from.stored;
    showing = from.showing;
    found = from.found;
    createMembers = from.createMembers;
    updateMembers = from.updateMembers;
  }

  /** Declares an attribute that is shown, and that no request sets until told otherwise. */
  public static <T> Attribute<T> of(ResourceType resource, String name, ValueType<T> type) {
    return new Attribute<>(resource, name, type);
  }

  /** With a sentence for help texts and the API description. */
  public Attribute<T> about(String sentence) {
    Attribute<T> copy = new Attribute<>(this);
    copy.about = sentence;
    return copy;
  }

  /** Settable in the given requests; anything else refuses it. */
  public Attribute<T> setOn(Operation first, Operation... more) {
    Attribute<T> copy = new Attribute<>(this);
    copy.settable = Set.copyOf(EnumSet.of(first, more));
    return copy;
  }

  /** A create request must hold it. */
  public Attribute<T> required() {
    Attribute<T> copy = new Attribute<>(this);
    copy.required = true;
    return copy;
  }

  /**
   * The value of a create request that does not hold it; also of documents from before it existed.
   */
  public Attribute<T> defaultsTo(T value) {
    Attribute<T> copy = new Attribute<>(this);
    copy.defaultValue = value;
    copy.absent = value;
    return copy;
  }

  /** Null is a value too, and the default unless another is declared. */
  public Attribute<T> nullable() {
    Attribute<T> copy = new Attribute<>(this);
    copy.nullable = true;
    return copy;
  }

  /** What a document from before the attribute existed reads as, where that is not the default. */
  public Attribute<T> absent(T value) {
    Attribute<T> copy = new Attribute<>(this);
    copy.absent = value;
    return copy;
  }

  /** A rule chooses the value where the request leaves it out. */
  public Attribute<T> filledByServer() {
    Attribute<T> copy = new Attribute<>(this);
    copy.filledByServer = true;
    return copy;
  }

  /** Never shown by the API: for rules, schedulers and planners. */
  public Attribute<T> hidden() {
    Attribute<T> copy = new Attribute<>(this);
    copy.hidden = true;
    return copy;
  }

  /** Lists can be filtered by it. */
  public Attribute<T> filter() {
    Attribute<T> copy = new Attribute<>(this);
    copy.filter = true;
    return copy;
  }

  /** Lists can be sorted by it. */
  public Attribute<T> sort() {
    Attribute<T> copy = new Attribute<>(this);
    copy.sort = true;
    return copy;
  }

  /** Resources are found by its value in proportion to what is found. References always are. */
  public Attribute<T> indexed() {
    Attribute<T> copy = new Attribute<>(this);
    copy.indexed = true;
    return copy;
  }

  /** A state that hosts report: its changes are no new revision of the resource. */
  public Attribute<T> reported() {
    Attribute<T> copy = new Attribute<>(this);
    copy.reported = true;
    return copy;
  }

  /**
   * For people only: a host's agent that does not know the attribute may act on the resource all
   * the same. Any other sets a resource aside in which what it does not know is set.
   */
  public Attribute<T> ignorable() {
    Attribute<T> copy = new Attribute<>(this);
    copy.ignorable = true;
    return copy;
  }

  /**
   * Whoever makes a resource may write out the default, which sets nothing: some clients write all
   * defaults. Who changes a resource may not: that would take back what another has set.
   */
  public Attribute<T> freeAsDefault() {
    Attribute<T> copy = new Attribute<>(this);
    copy.defaultIsFree = true;
    return copy;
  }

  /**
   * Only those may set it; checked whenever a request holds it, whatever the value, unless {@link
   * #freeAsDefault}.
   */
  public Attribute<T> writtenBy(Access access) {
    Attribute<T> copy = new Attribute<>(this);
    copy.createAccess = access;
    copy.updateAccess = access;
    return copy;
  }

  /**
   * Only those may set the named member of its objects: {@code ip_address} of {@code fixed_ips}.
   */
  public Attribute<T> memberWrittenBy(String member, Access access) {
    Attribute<T> copy = new Attribute<>(this);
    copy.createMembers = with(createMembers, member, access);
    copy.updateMembers = with(updateMembers, member, access);
    return copy;
  }

  /** Only those may change the named member, where that differs from who may set it on create. */
  public Attribute<T> memberChangedBy(String member, Access access) {
    Attribute<T> copy = new Attribute<>(this);
    copy.updateMembers = with(updateMembers, member, access);
    return copy;
  }

  private static Map<String, Access> with(Map<String, Access> map, String key, Access access) {
    Map<String, Access> copy = new LinkedHashMap<>(map);
    copy.put(key, access);
    return copy;
  }

  /** Only those may change it, where that differs from who may set it on create. */
  public Attribute<T> changedBy(Access access) {
    Attribute<T> copy = new Attribute<>(this);
    copy.updateAccess = access;
    return copy;
  }

  /** Null in a request means the default: an empty list. */
  public Attribute<T> clearedByNull() {
    Attribute<T> copy = new Attribute<>(this);
    copy.clearedByNull = true;
    return copy;
  }

  /** Only those see it. */
  public Attribute<T> seenBy(Access access) {
    Attribute<T> copy = new Attribute<>(this);
    copy.readAccess = access;
    return copy;
  }

  /** Names the resource that this one is part of, whose owner has a say: a port's network. */
  public Attribute<T> parent() {
    Attribute<T> copy = new Attribute<>(this);
    copy.parent = true;
    return copy;
  }

  /** Belongs to an extension of the API that clients can ask for. */
  public Attribute<T> extension(Extension of) {
    Attribute<T> copy = new Attribute<>(this);
    copy.extension = of;
    return copy;
  }

  /** Not stored: computed from the resource alone, so that what is shown can be kept with it. */
  public Attribute<T> computed(Function<Resource, @Nullable T> function) {
    Attribute<T> copy = derivedFor((view, resource, caller) -> function.apply(resource));
    copy.ofItself = true;
    return copy;
  }

  /** Not stored: computed from the resource and what else is there whenever it is shown. */
  public Attribute<T> derived(BiFunction<View, Resource, @Nullable T> function) {
    return derivedFor((view, resource, caller) -> function.apply(view, resource));
  }

  /** Not stored: computed for whoever asks, such as whether a network is shared with him. */
  public Attribute<T> derivedFor(Derivation<T> derivation) {
    Attribute<T> copy = new Attribute<>(this);
    copy.derivation = derivation;
    copy.stored = false;
    return copy;
  }

  /** Stored, and shown to each caller as computed from what is stored and what else is there. */
  public Attribute<T> shownFor(Derivation<T> derivation) {
    Attribute<T> copy = new Attribute<>(this);
    copy.derivation = derivation;
    return copy;
  }

  /** Answers hold it only for resources for which that holds. */
  public Attribute<T> shownWhere(Predicate<Resource> condition) {
    Attribute<T> copy = new Attribute<>(this);
    copy.showing = condition;
    return copy;
  }

  /** Filters find a resource by any of these values, instead of by the one that is shown. */
  public Attribute<T> foundBy(Function<Resource, List<@Nullable T>> values) {
    Attribute<T> copy = new Attribute<>(this);
    copy.found = values;
    copy.filter = true;
    return copy;
  }

  /** Said in requests alone, for rules to act on: neither stored nor shown. */
  public Attribute<T> requestOnly() {
    Attribute<T> copy = new Attribute<>(this);
    copy.stored = false;
    return copy;
  }

  /**
   * Computes a value that is shown.
   *
   * @param <T> the type of the value
   */
  @FunctionalInterface
  public interface Derivation<T> {
    /** The value of a resource in a view, for a caller. */
    @Nullable T of(View view, Resource resource, Caller caller);
  }

  /** The resource type that it is an attribute of. */
  public ResourceType resource() {
    return resource;
  }

  /** Its name in JSON. */
  public String name() {
    return name;
  }

  /** The form of its values. */
  public ValueType<T> type() {
    return type;
  }

  /** A sentence for people. */
  public String about() {
    return about;
  }

  /** Whether the request may hold it. */
  public boolean isSettable(Operation operation) {
    return settable.contains(operation);
  }

  /** Whether a create request must hold it. */
  public boolean isRequired() {
    return required;
  }

  /** Whether null is a value. */
  public boolean isNullable() {
    return nullable;
  }

  /** Whether rules choose a value where none is given. */
  public boolean isFilledByServer() {
    return filledByServer;
  }

  /** Whether the API never shows it. */
  public boolean isHidden() {
    return hidden;
  }

  /** Whether lists can be filtered by it. */
  public boolean isFilter() {
    return filter;
  }

  /** Whether lists can be sorted by it. */
  public boolean isSort() {
    return sort;
  }

  /** Whether resources are found by its value. */
  public boolean isIndexed() {
    return indexed || type.isReference();
  }

  /** Whether its changes leave the revision as it is. */
  public boolean isReported() {
    return reported;
  }

  /** Whether an agent that does not know it may act on the resource. */
  public boolean isIgnorable() {
    return ignorable;
  }

  /** The value where a create request has none; null where there is no default. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** Whether whoever makes a resource may give that value. */
  public boolean isFree(@Nullable Object value) {
    return defaultIsFree && defaultValue != null && defaultValue.equals(value);
  }

  /** The value of a document that lacks it. */
  public @Nullable T absent() {
    return absent;
  }

  /** Who may set it. */
  public Access writeAccess(Operation operation) {
    return operation == Operation.CREATE ? createAccess : updateAccess;
  }

  /** Who may set members of its objects, by member; those not named need no right of their own. */
  public Map<String, Access> memberAccess(Operation operation) {
    return operation == Operation.CREATE ? createMembers : updateMembers;
  }

  /** Whether it names the resource that this one is part of. */
  public boolean isParent() {
    return parent;
  }

  /** Whether null in a request means the default. */
  public boolean isClearedByNull() {
    return clearedByNull;
  }

  /** Who sees it. */
  public Access readAccess() {
    return readAccess;
  }

  /** The extension it belongs to, null for the core API. */
  public @Nullable Extension extension() {
    return extension;
  }

  /** Whether resources keep a value of it. */
  public boolean isStored() {
    return stored;
  }

  /** Whether what is shown is computed. */
  public boolean isDerived() {
    return derivation != null;
  }

  /** Whether what is shown may be another while the resource is the same. */
  public boolean dependsOnOthers() {
    return derivation != null && !ofItself;
  }

  /** Whether answers about a resource hold it. */
  public boolean isShownOf(Resource resource) {
    return showing.test(resource);
  }

  /** Whether the API shows it to anyone. */
  public boolean isShown() {
    return !hidden && (stored || derivation != null);
  }

  /** Its value for a resource in a view, computed if it is derived. */
  public @Nullable T in(View view, Resource of, Caller caller) {
    return derivation == null ? of.value(this) : derivation.of(view, of, caller);
  }

  /** Whether a filter finds a resource: one of the values that it is found by passes. */
  public boolean isFound(View view, Resource of, Caller caller, Predicate<@Nullable T> filter) {
    return found == null
        ? filter.test(in(view, of, caller))
        : found.apply(of).stream().anyMatch(filter);
  }

  @Override
  public String toString() {
    return resource.name() + "." + name;
  }
}
