import type { HeaderChange } from '@heddle/core';

export type Header = readonly [name: string, value: string];

/**
 * Headers after a rule's change. What is removed goes first, so that a name may be taken away and given anew (envoy
 * `source/common/router/header_parser.cc`, 1.40).
 */
export function changeHeaders(headers: readonly Header[], { remove = [], set = {}, add = {} }: HeaderChange = {}): readonly Header[] {
  const gone = new Set([...remove, ...Object.keys(set)].map((name) => name.toLowerCase()));
  return [...headers.filter(([name]) => !gone.has(name.toLowerCase())), ...Object.entries(add), ...Object.entries(set)];
}

/** The lines of a head after the first, as headers. */
export const readHeaders = (lines: readonly string[]): readonly Header[] =>
  lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);

export const writeHeaders = (headers: readonly Header[]): readonly string[] => headers.map(([name, value]) => `${name}: ${value}`);
