import { type KubeObject, parseRequest } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { fileCluster } from '../files/file-cluster.js';
import { withoutMesh } from './beyond-mesh.js';

const service = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'shop', name: 'web' }, spec });
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: 'web-0', labels: { app: 'web' } },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
};
const asked = (spec: object, url: string) => {
  const services = [service(spec)];
  return withoutMesh(
    fileCluster([...services, pod], [], () => true),
    services,
    'shop',
    parseRequest({ url }),
  );
};
const SELECTOR = { selector: { app: 'web' } };
const PORTS = { ports: [{ port: 80, targetPort: 8080 }] };

describe('without a proxy of the mesh', () => {
  it('a Service leads to its ready pods, on its ports', async () => {
    expect(await asked({ ...SELECTOR, ...PORTS }, 'http://web/')).toEqual({ name: 'shop/web', pods: [pod] });
    expect(await asked({ ...SELECTOR, ...PORTS }, 'http://web:8080/')).toBeUndefined();
  });

  it('a headless one leads to the pods themselves, whatever port is called', async () => {
    const headless = { ...SELECTOR, ...PORTS, clusterIP: 'None' };
    expect(await asked(headless, 'http://web/')).toEqual({ name: 'shop/web', pods: [pod], port: 80 });
    expect(await asked(headless, 'http://web:8080/')).toMatchObject({ pods: [pod], port: 8080 });
  });

  it('one without a selector leads to what somebody else says', async () => {
    expect(await asked(PORTS, 'http://web/')).toBeUndefined();
    expect(await asked({ type: 'ExternalName', externalName: 'a.b', ...PORTS }, 'http://web/')).toBeUndefined();
  });
});
