package org.nucleon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.store.DatabaseUrl.Engine;

/** URLs as operators have them in their files. */
final class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://u:p@h/d                                 | POSTGRESQL | u | p | h | 0 | d",
        "postgresql+psycopg2://u:p@h:5433/d                   | POSTGRESQL | u | p | h | 5433 | d",
        "mysql+pymysql://neutron:p%40s%2Fs%25@db/n?charset=utf8mb4 | MARIADB | neutron | p@s/s% | db | 0 | n",
        "mysql://u:a+b@h/d                                    | MARIADB | u | a+b | h | 0 | d",
        "mysql+pymysql://u:p@ss:w@h/d                         | MARIADB | u | p@ss:w | h | 0 | d",
        "mariadb+pymysql://u@[2001:db8::1]:3307/d             | MARIADB | u | '' | 2001:db8::1 | 3307 | d",
        "postgresql://h/d                                     | POSTGRESQL | '' | '' | h | 0 | d",
        "mysql+pymysql://u:p@/d                               | MARIADB | u | p | '' | 0 | d",
        "sqlite:////var/lib/neutron/neutron.sqlite            | EMBEDDED | '' | '' | '' | 0 | /var/lib/neutron/neutron.sqlite",
      })
  void reads(
      String url, Engine engine, String user, String password, String host, int port, String name) {
    DatabaseUrl read = DatabaseUrl.parse(url);
    assertThat(read)
        .isEqualTo(new DatabaseUrl(engine, user, password, host, port, name, read.options()));
    assertThat(password.length() > 1 && read.toString().contains(password)).isFalse();
  }

  @Test
  void readsOptions() {
    assertThat(DatabaseUrl.parse("mysql://u@h/d?charset=utf8&ssl_ca=/a%20b").options())
        .isEqualTo(Map.of("charset", "utf8", "ssl_ca", "/a b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oracle://u:secret@h/d         | postgresql, mysql or sqlite expected",
        "postgresql://u:secret@h       | names no database",
        "mysql://u:secret@h:99999/d    | a port up to 65535",
        "postgresql://u:secret@/d?host=/var/run/postgresql | over TCP only",
        "mysql+pymysql://u:secret@/d?unix_socket=/run/x.sock | over TCP only",
        "secret                        | a URL such as",
        "mysql://u:secret%zz@h/d       | %25",
      })
  void refusesInOneLineWithoutThePassword(String url, String message) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("\n");
  }
}
