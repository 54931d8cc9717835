// The queue's memory: one item of localStorage for each entry, so that two desks of one browser never overwrite each
// other's. Both may then send an entry that one of them left behind; its key sees to it that it counts once.

/** `storage` is null where the browser keeps nothing: then the queue lives as long as the page. */
export function entryStore(prefix, storage = localStorageOrNull()) {
  const nameOf = (key) => `${prefix}:${key}`;
  return {
    load() {
      const found = [];
      for (let index = 0; index < (storage?.length ?? 0); index += 1) {
        const name = storage.key(index);
        const entry = name.startsWith(`${prefix}:`) ? parsed(storage.getItem(name)) : null;
        if (entry && nameOf(entry.key) === name) found.push(entry);
      }
      return found.sort((one, other) => one.at - other.at || one.order - other.order);
    },
    save(entry) {
      try {
        storage?.setItem(nameOf(entry.key), JSON.stringify(entry));
      } catch {
        // Full or forbidden: the page still holds it.
      }
    },
    remove: (key) => storage?.removeItem(nameOf(key)),
  };
}

function parsed(text) {
  try {
    const entry = JSON.parse(text);
    return entry && typeof entry.key === "string" && typeof entry.path === "string" ? entry : null;
  } catch {
    return null;
  }
}

function localStorageOrNull() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
