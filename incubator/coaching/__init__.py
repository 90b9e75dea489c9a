"""Coach assignments and support sessions. A private note is read by its author and the manager; nothing derives from it."""
