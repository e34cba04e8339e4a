/** A vendor's mechanism driver. */
package com.example.acme;
