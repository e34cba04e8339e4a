package org.nucleon.host.nftables;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** libnftables.so.1, see libnftables(3): the library that the nft program is made of. */
final class LibNftables {
  /** JSON, and numbers rather than names for ports, protocols, priorities and marks. */
  private static final int OUTPUT = 1 << 4 | 1 << 7 | 1 << 8 | 1 << 9;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY =
      SymbolLookup.libraryLookup("libnftables.so.1", Arena.global());
  private static final MethodHandle NEW =
      LINKER.downcallHandle(
          LIBRARY.findOrThrow("nft_ctx_new"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle FREE =
      LINKER.downcallHandle(
          LIBRARY.findOrThrow("nft_ctx_free"), FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle SET_OUTPUT =
      LINKER.downcallHandle(
          LIBRARY.findOrThrow("nft_ctx_output_set_flags"),
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
  private static final MethodHandle SET_DRY_RUN =
      LINKER.downcallHandle(
          LIBRARY.findOrThrow("nft_ctx_set_dry_run"),
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN));
  private static final MethodHandle BUFFER_OUTPUT = intOf("nft_ctx_buffer_output");
  private static final MethodHandle BUFFER_ERROR = intOf("nft_ctx_buffer_error");
  private static final MethodHandle OUTPUT_TEXT = textOf("nft_ctx_get_output_buffer");
  private static final MethodHandle ERROR_TEXT = textOf("nft_ctx_get_error_buffer");
  private static final MethodHandle RUN =
      LINKER.downcallHandle(
          LIBRARY.findOrThrow("nft_run_cmd_from_buffer"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

  private LibNftables() {}

  private interface Call<T> {
    T invoke() throws Throwable;
  }

  /** A context that collects its output and errors; its socket is of the caller's namespace. */
  static MemorySegment open() {
    return call(() -> {
      MemorySegment context = (MemorySegment) NEW.invokeExact(0);
      int refused =
          (int) BUFFER_OUTPUT.invokeExact(context) | (int) BUFFER_ERROR.invokeExact(context);
      if (refused != 0) {
        throw new OutOfMemoryError("libnftables");
      }
      SET_OUTPUT.invokeExact(context, OUTPUT);
      return context;
    });
  }

  static void close(MemorySegment context) {
    call(() -> {
      FREE.invokeExact(context);
      return true;
    });
  }

  /** Runs commands as one transaction; returns what they print. */
  static String run(MemorySegment context, String commands, boolean dry) throws NftablesException {
    boolean done =
        call(() -> {
          try (Arena arena = Arena.ofConfined()) {
            SET_DRY_RUN.invokeExact(context, dry);
            return (int) RUN.invokeExact(context, arena.allocateFrom(commands)) == 0;
          }
        });
    String output = call(() -> text((MemorySegment) OUTPUT_TEXT.invokeExact(context)));
    String error = call(() -> text((MemorySegment) ERROR_TEXT.invokeExact(context)));
    if (!done) {
      throw new NftablesException(error.strip());
    }
    return output;
  }

  private static String text(MemorySegment string) {
    return string.reinterpret(Integer.MAX_VALUE).getString(0);
  }

  private static MethodHandle intOf(String name) {
    return LINKER.downcallHandle(
        LIBRARY.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, ADDRESS));
  }

  private static MethodHandle textOf(String name) {
    return LINKER.downcallHandle(
        LIBRARY.findOrThrow(name), FunctionDescriptor.of(ADDRESS, ADDRESS));
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.invoke();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
