/** A vendor's controller, kept told. */
package com.example.controller;
