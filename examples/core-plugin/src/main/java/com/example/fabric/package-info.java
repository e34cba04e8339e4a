/** A vendor's core plugin: a fabric that serves networks and ports by itself. */
package com.example.fabric;
