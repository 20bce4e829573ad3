import type { KubeObject } from '@heddle/core';
import { NAMESPACES } from '../generate/vocabulary.ts';
import type { RoutingCase } from '../routing-case.ts';

/** Where in a real cluster a case's names are: namespaces by the case's names, and addresses by their placeholders. */
export interface Place {
  readonly namespaces: ReadonlyMap<string, string>;
  readonly addresses: ReadonlyMap<string, string>;
}

export const placeOf = (run: string): Place => ({
  namespaces: new Map(NAMESPACES.map((name) => [name, `${run}-${name}`])),
  addresses: new Map(),
});

/** The same case with the cluster's names wherever the case's own stand, in objects and requests alike. */
export function placed(one: RoutingCase, place: Place): RoutingCase {
  const { objects, client, requests } = JSON.parse(inPlace(JSON.stringify(one), place)) as RoutingCase;
  return { ...one, objects, client, requests };
}

export const placedObjects = (objects: readonly KubeObject[], place: Place): readonly KubeObject[] =>
  JSON.parse(inPlace(JSON.stringify(objects), place)) as readonly KubeObject[];

/** Whole words only; a client may write a name in capitals. */
function inPlace(text: string, { namespaces, addresses }: Place): string {
  let out = text;
  for (const [name, real] of namespaces) {
    out = out.replace(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'g'), real);
    out = out.replace(new RegExp(`(?<![\\w-])${name.toUpperCase()}(?![\\w-])`, 'g'), real.toUpperCase());
  }
  for (const [placeholder, real] of addresses) out = out.replaceAll(new RegExp(`${placeholder.replaceAll('.', '\\.')}(?!\\d)`, 'g'), real);
  return out;
}
