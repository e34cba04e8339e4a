package org.nucleon.core.watch;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.Follower.Topic;

/**
 * Which hosts a resource concerns, as its feature declares it. A function of the resource alone, so
 * that what a change sets in motion is known from the resource before and after it.
 */
@FunctionalInterface
public interface Routing {

  /** Tells in which topics the resource is published and who follows what because of it. */
  void route(Resource resource, Routes routes);

  /** What {@link #route} tells. */
  final class Routes {
    private final Set<Topic> published = new LinkedHashSet<>();
    private final Map<Edge, Integer> edges = new LinkedHashMap<>();

    /** A follower and what it follows. */
    record Edge(Follower follower, Topic topic) {}

    /** Hosts that follow the topic, directly or through others, are told of the resource. */
    public Routes publish(Topic topic) {
      published.add(topic);
      return this;
    }

    /** Because of the resource, the follower follows the topic. */
    public Routes follow(Follower follower, Topic topic) {
      edges.merge(new Edge(follower, topic), 1, Integer::sum);
      return this;
    }

    Set<Topic> published() {
      return published;
    }

    Map<Edge, Integer> edges() {
      return edges;
    }
  }
}
