package org.nucleon.host.namespace;

import java.util.Map;

/**
 * A Linux error number, see errno(3). The numbers are the same on x86_64 and aarch64.
 *
 * @param number the positive number
 */
public record Errno(int number) {
  /** Operation not permitted: mostly, not root. */
  public static final Errno EPERM = new Errno(1);

  /** No such file, rule or object. */
  public static final Errno ENOENT = new Errno(2);

  /** No such process, route or rule. */
  public static final Errno ESRCH = new Errno(3);

  /** Interrupted by a signal. */
  public static final Errno EINTR = new Errno(4);

  /** Nothing to read at the moment. */
  public static final Errno EAGAIN = new Errno(11);

  /** In use by another. */
  public static final Errno EBUSY = new Errno(16);

  /** Exists already. */
  public static final Errno EEXIST = new Errno(17);

  /** No such network device. */
  public static final Errno ENODEV = new Errno(19);

  /** Invalid argument. */
  public static final Errno EINVAL = new Errno(22);

  /** The device does not know the operation. */
  public static final Errno EOPNOTSUPP = new Errno(95);

  /** No such address on the device. */
  public static final Errno EADDRNOTAVAIL = new Errno(99);

  /** The network is down. */
  public static final Errno ENETDOWN = new Errno(100);

  /** The receive buffer ran over: messages were lost. */
  public static final Errno ENOBUFS = new Errno(105);

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "EPERM"),
          Map.entry(2, "ENOENT"),
          Map.entry(3, "ESRCH"),
          Map.entry(4, "EINTR"),
          Map.entry(5, "EIO"),
          Map.entry(6, "ENXIO"),
          Map.entry(9, "EBADF"),
          Map.entry(11, "EAGAIN"),
          Map.entry(12, "ENOMEM"),
          Map.entry(13, "EACCES"),
          Map.entry(16, "EBUSY"),
          Map.entry(17, "EEXIST"),
          Map.entry(19, "ENODEV"),
          Map.entry(20, "ENOTDIR"),
          Map.entry(22, "EINVAL"),
          Map.entry(23, "ENFILE"),
          Map.entry(24, "EMFILE"),
          Map.entry(28, "ENOSPC"),
          Map.entry(30, "EROFS"),
          Map.entry(34, "ERANGE"),
          Map.entry(36, "ENAMETOOLONG"),
          Map.entry(38, "ENOSYS"),
          Map.entry(76, "ENOTUNIQ"),
          Map.entry(90, "EMSGSIZE"),
          Map.entry(93, "EPROTONOSUPPORT"),
          Map.entry(95, "EOPNOTSUPP"),
          Map.entry(97, "EAFNOSUPPORT"),
          Map.entry(98, "EADDRINUSE"),
          Map.entry(99, "EADDRNOTAVAIL"),
          Map.entry(100, "ENETDOWN"),
          Map.entry(101, "ENETUNREACH"),
          Map.entry(105, "ENOBUFS"),
          Map.entry(107, "ENOTCONN"),
          Map.entry(110, "ETIMEDOUT"),
          Map.entry(113, "EHOSTUNREACH"));

  /** The symbolic name such as {@code EEXIST}, or {@code errno 123} for one without a name here. */
  @Override
  public String toString() {
    return NAMES.getOrDefault(number, "errno " + number);
  }
}
