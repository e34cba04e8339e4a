/** Racks: a resource of its own, and an attribute of ports. */
package com.example.racks;
