import type { Regexes } from '../evaluate/re2.js';
import type { ObjectRef } from '../model/object.js';
import { type Finding, finding } from './finding.js';

/** A condition on a text, as an object writes it. */
export interface StatedCondition {
  readonly ref: ObjectRef;
  /** To the text itself. */
  readonly pointer: string;
  /** What it is about, as people say it: `path`, `header x-user`. */
  readonly of: string;
  /** `rawPrefix`: not by segments. */
  readonly kind: 'exact' | 'rawPrefix' | 'segmentPrefix' | 'regex';
  readonly value: string;
}

/** What is wrong or surprising with a single condition. Patterns are RE2 and must fit the whole value, as in Envoy. */
export function lintCondition({ ref, pointer, of, kind, value }: StatedCondition, regexes: Regexes): readonly Finding[] {
  if (kind === 'rawPrefix' && of === 'path' && value !== '' && !value.endsWith('/')) {
    const text = `the prefix ${value} is one of text, so it takes ${value}x as well as ${value}/x`;
    return [
      finding('info', 'prefix-raw', ref, text, { pointer, fix: `where that matters, match ${value} exactly and ${value}/ as a prefix` }),
    ];
  }
  if (kind !== 'regex') return [];
  const compiled = regexes(value);
  if ('invalid' in compiled) {
    const text = `the regular expression ${value} for ${of} is none that RE2 takes (${compiled.invalid}), so the mesh refuses it`;
    return [finding('error', 'regex-invalid', ref, text, { pointer, fix: 'write it without lookaround and back references' })];
  }
  if (/^\^?\.[*+]\$?$/.test(value)) {
    const [text, fix] =
      of === 'path'
        ? ['fits every path', 'leave the condition away']
        : ['fits any value, and requests without one do not match', 'ask for presence instead, if that is meant'];
    return [finding('info', 'regex-everything', ref, `the regular expression ${value} for ${of} ${text}`, { pointer, fix })];
  }
  if (/^[\w/ -]+$/.test(value)) {
    const text = `the regular expression ${value} for ${of} must fit the whole value, so it matches nothing but ${value} itself`;
    return [
      finding('info', 'regex-literal', ref, text, { pointer, fix: `match it exactly, or write .*${value}.* if it may stand anywhere` }),
    ];
  }
  return [];
}
