import { describeRef, type ObjectRef } from '@heddle/core';

/** What a request is for: the words of its errors, and the right that it needs. */
export interface Act {
  /** Completes "cannot …" when there is no object to name: `ask for the server's version`. */
  readonly words?: string;
  /** In RBAC's words; absent when no right is needed. */
  readonly right?: Right;
  readonly ref?: ObjectRef;
}

export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

const VERBS: Readonly<Record<string, string>> = { get: 'read', update: 'replace' };

/** `replace VirtualService mesh-demo/tomcat`, `list pods in namespace mesh-demo` */
export function describeAct(act: Act): string {
  if (act.words !== undefined) return act.words;
  const { right, ref } = act;
  const verb = right === undefined ? 'use' : (VERBS[right.verb] ?? right.verb);
  if (ref !== undefined) return `${verb} ${describeRef(ref)}`;
  return right === undefined ? 'use the API server' : `${verb} ${resourceOf(right)}${inNamespace(right)}`;
}

/** `get virtualservices.networking.istio.io in namespace mesh-demo` */
export function describeRight(right: Right): string {
  return `${right.verb} ${resourceOf(right)}${inNamespace(right)}`;
}

/** The command that asks the server whether one has the right. */
export function canICommand(right: Right): string {
  const { subresource, namespace } = right;
  const resource = right.group === '' ? right.resource : `${right.resource}.${right.group}`;
  return [
    `kubectl auth can-i ${right.verb} ${resource}`,
    ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
    ...(namespace === undefined ? [] : [`-n ${namespace}`]),
  ].join(' ');
}

function resourceOf({ group, resource, subresource }: Right): string {
  return `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}

function inNamespace({ namespace }: Right): string {
  return namespace === undefined ? '' : ` in namespace ${namespace}`;
}
