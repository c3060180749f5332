"""Engines that speak words, behind one interface."""
