/** The object with some of its methods replaced; the others are its own. */
export function replacing<Store extends object>(store: Store, replacements: Partial<Store>): Store {
  const methods = new Map<string | symbol, unknown>(Object.entries(replacements));
  return new Proxy(store, {
    get(target, name) {
      const known = methods.get(name);
      if (known !== undefined) {
        return known;
      }
      const value: unknown = Reflect.get(target, name, target);
      const own = typeof value === "function" ? value.bind(target) : value;
      if (typeof value === "function") {
        methods.set(name, own);
      }
      return own;
    },
  });
}
