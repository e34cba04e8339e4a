package org.nucleon.agent.api;

import java.util.Map;

/** Keeps the numbers that the host has given out, so that they survive the agent. */
public interface NumberStore {

  /** All numbers: {@code kind:key} to number. */
  Map<String, Integer> read() throws ApplyException;

  /** Adds and removes numbers; returns when they are kept. */
  void write(Map<String, Integer> added, java.util.Set<String> removed) throws ApplyException;
}
