/** A function of two objects that is asked for the same ones again and again. */
export function pairCache<A extends object, B extends object, R>(of: (a: A, b: B) => R): (a: A, b: B) => R {
  const known = new WeakMap<A, WeakMap<B, { readonly value: R }>>();
  return (a, b) => {
    const own = known.get(a) ?? new WeakMap<B, { readonly value: R }>();
    known.set(a, own);
    const found = own.get(b) ?? { value: of(a, b) };
    own.set(b, found);
    return found.value;
  };
}
