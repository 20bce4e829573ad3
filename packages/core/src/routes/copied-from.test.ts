import { expect, it } from 'vitest';
import { listEnv, listMesh, MESH_VIEW } from '../../test/list-mesh.js';
import { GROUP, KIND, listRoute } from '../../test/list-mesh-object.js';
import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import { observeObjects } from '../model/observed.js';
import type { View } from '../model/view.js';
import { copiedFrom } from './copied-from.js';

const CART = { namespace: 'shop', name: 'cart', port: 80 };
const seen = (timeoutMs: number) =>
  observeObjects([listRoute('cart', 'cart', [{ to: [{ service: 'cart', weight: 1 }], timeoutMs }])], [{ group: GROUP, kind: KIND }]);

/** The hash where callers see the rules as one of several views. */
const hashOf = (view: View, timeoutMs = 1000): string => {
  const adapter: MeshAdapter = {
    ...listMesh,
    decode: (...of) => {
      const decoded = listMesh.decode(...of);
      return { ...decoded, tables: decoded.tables.map((table) => ({ ...table, view })) };
    },
  };
  return copiedFrom({ adapter, env: listEnv }, [CART], seen(timeoutMs));
};

const except = (...meshes: readonly string[]): View => ({
  plane: 'mesh',
  clients: { namespaces: ['shop'] },
  except: meshes.map((mesh) => ({ labels: { mesh } })),
});

it('a set of clients that comes or goes beside those of a table, and has no rules, changes nothing that was copied', () => {
  expect(hashOf(except('blue', 'green'))).toBe(hashOf(except('blue')));
});

it('other rules do, and the same for other clients', () => {
  expect(hashOf(except('blue'), 2000)).not.toBe(hashOf(except('blue')));
  expect(hashOf(MESH_VIEW)).not.toBe(hashOf(except('blue')));
});
