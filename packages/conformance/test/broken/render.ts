import { type KubeObject, type MeshAdapter, metaOf, type Rendered, type Routing } from '@heddle/core';
import type { Break } from './spoil.js';

const rendering =
  (make: (render: NonNullable<MeshAdapter['render']>, ...args: Parameters<NonNullable<MeshAdapter['render']>>) => Rendered): Break =>
  (adapter) => {
    const { render } = adapter;
    return render === undefined ? adapter : { ...adapter, render: (routing, env) => make(render, routing, env) };
  };

/** Passes over a rule of each table, and says nothing. */
export const rendersLess = rendering((render, routing, env) => {
  const services = routing.services.map((service) => ({
    ...service,
    tables: service.tables.map((table) => ({ ...table, rules: table.rules.slice(1) })),
  }));
  return { ...render({ ...routing, services } satisfies Routing, env), losses: [] };
});

/** Labels what it renders as its own. */
export const rendersMarked = rendering((render, routing, env) => {
  const rendered = render(routing, env);
  return { ...rendered, objects: rendered.objects.map(marked) };
});

const marked = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...(object.metadata as KubeObject), labels: { ...metaOf(object).labels, 'app.kubernetes.io/managed-by': 'heddle' } },
});

/** Leaves pods as they were elsewhere. */
export const adoptsNothing: Break = (adapter) => ({ ...adapter, adopt: (objects) => objects });
