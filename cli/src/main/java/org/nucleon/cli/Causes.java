package org.nucleon.cli;

import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, in words: the JDK's messages are often only its path. */
final class Causes {

  private Causes() {}

  static String plain(Exception e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file";
      case AccessDeniedException denied -> "permission denied";
      case NotDirectoryException file -> "not a folder";
      case FileAlreadyExistsException there -> "a file of that name is there";
      case MalformedInputException binary -> "not UTF-8 text";
      default -> String.valueOf(e.getMessage());
    };
  }
}
