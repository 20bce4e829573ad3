import type { MeshAdapter } from '@heddle/core';

/**
 * The adapter, watched: what it is handed is frozen, so that it cannot change it, and reading and writing are asked twice for the same
 * and must say the same (design: an adapter is a pure codec). `impure` collects what is not so.
 */
export function watchPurity(adapter: MeshAdapter): { readonly adapter: MeshAdapter; readonly impure: ReadonlySet<string> } {
  const impure = new Set<string>();
  const frozen = new WeakSet<object>();
  const freeze = <T>(value: T): T => {
    if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
    frozen.add(value);
    if (value instanceof Map) for (const one of value.values()) freeze(one);
    else for (const one of Object.values(value)) freeze(one);
    return value instanceof Map ? value : Object.freeze(value);
  };
  const twice = <A extends readonly unknown[], R>(name: string, call: (...args: A) => R) => {
    return (...args: A): R => {
      args.forEach(freeze);
      const first = call(...args);
      if (JSON.stringify(first) !== JSON.stringify(call(...args))) impure.add(`${name} gave two answers to one question: it keeps state`);
      return first;
    };
  };
  const watched: MeshAdapter = {
    ...adapter,
    reads: twice('reads', adapter.reads),
    decode: twice('decode', adapter.decode),
    encode: twice('encode', adapter.encode),
    affects: twice('affects', adapter.affects),
    shadow: twice('shadow', adapter.shadow),
    ...(adapter.render === undefined ? {} : { render: twice('render', adapter.render) }),
    ...(adapter.adopt === undefined ? {} : { adopt: twice('adopt', adapter.adopt) }),
  };
  return { adapter: watched, impure };
}
