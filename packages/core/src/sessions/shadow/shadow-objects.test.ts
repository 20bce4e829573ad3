import { isRecord, type KubeObject, type Labels } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { shadowName } from '../names.js';
import { servicePicks } from './selectors.js';
import { assumedShadow, ownedByLease, podLabelsOf, redacted, type ShadowInput, shadowObjects } from './shadow-objects.js';

const local = { host: '127.0.0.1', port: 3000 };
const input: ShadowInput = {
  id: 'm1',
  namespace: 'shop',
  name: 'heddle-web-m1',
  ports: [
    {
      service: { namespace: 'shop', name: 'web', port: 80 },
      name: 'http',
      appProtocol: 'kubernetes.io/h2c',
      protocol: 'TCP',
      containerPort: 8080,
      portName: 'web',
      local,
    },
    { service: { namespace: 'shop', name: 'web', port: 90 }, protocol: 'TCP', containerPort: 9090, portName: 'p90', local },
  ],
  agent: {
    container: { name: 'agent', image: 'agent:1', securityContext: { runAsUser: 10_022, privileged: true, readOnlyRootFilesystem: false } },
    volumes: [{ name: 'keys', secret: { secretName: 'heddle-m1' } }],
    secretData: { key: 'c2VjcmV0' },
    port: 2222,
    credentials: {},
  },
  needs: {
    sidecar: true,
    podLabels: { 'mesh/inject': 'true', 'heddle.dev/session': 'other' },
    podAnnotations: { 'mesh/note': 'x' },
    serviceLabels: { s: 'l' },
    serviceAnnotations: { s: 'a' },
    serviceAccountToken: false,
  },
  options: {
    image: 'agent:1',
    pullSecret: 'regcred',
    nodeSelector: { disk: 'ssd' },
    labels: { team: 'web' },
    annotations: { why: 'debug' },
  },
  realise: 'service',
};
const objects = shadowObjects(input);
const specOf = (object: KubeObject) => (isRecord(object.spec) ? object.spec : {});

describe('shadowObjects', () => {
  it('gives the Service the port numbers, names and protocols of the base, and a selector for the shadow alone', () => {
    expect(objects.service).toMatchObject({
      metadata: { name: 'heddle-web-m1', labels: { s: 'l', 'app.kubernetes.io/managed-by': 'heddle' }, annotations: { s: 'a' } },
      spec: {
        selector: { 'heddle.dev/session': 'm1' },
        ports: [
          { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP', appProtocol: 'kubernetes.io/h2c' },
          { port: 90, targetPort: 9090, protocol: 'TCP' },
        ],
      },
    });
    const picks = (labels: Labels) => objects.service !== undefined && servicePicks(objects.service, labels);
    expect(picks(podLabelsOf(input))).toBe(true);
    expect(picks({ ...podLabelsOf(input), 'heddle.dev/session': 'm2' })).toBe(false);
  });

  it('makes no Service for a shadow that stands behind the service itself', () => {
    const behind = shadowObjects({ ...input, realise: 'subset' });
    expect(behind.service).toBeUndefined();
    expect(assumedShadow(behind).map(({ kind }) => kind)).toEqual(['Pod']);
  });

  it('never lets a label that is asked for take the place of our own', () => {
    expect(podLabelsOf(input)).toEqual({
      team: 'web',
      'mesh/inject': 'true',
      'app.kubernetes.io/managed-by': 'heddle',
      'heddle.dev/session': 'm1',
    });
  });

  it('puts what PodSecurity restricted asks on our container, and nothing on the pod', () => {
    const spec = specOf(objects.pod);
    expect(spec.securityContext).toBeUndefined();
    expect(spec.containers).toMatchObject([
      {
        securityContext: {
          runAsUser: 10_022,
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
        resources: { requests: { cpu: '10m' }, limits: { memory: '256Mi' } },
      },
    ]);
  });

  it('follows the mesh about the token and the options about placement', () => {
    expect(specOf(objects.pod)).toMatchObject({
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'regcred' }],
      nodeSelector: { disk: 'ssd' },
    });
    const token = shadowObjects({ ...input, needs: { ...input.needs, serviceAccountToken: true } });
    expect(specOf(token.pod).automountServiceAccountToken).toBe(true);
    const probed = {
      ...input,
      agent: { ...input.agent, container: { ...input.agent.container, readinessProbe: { exec: { command: ['ready'] } } } },
    };
    const probeOf = (needs: object) =>
      (specOf(shadowObjects({ ...probed, needs: { ...input.needs, ...needs } }).pod).containers as { readinessProbe?: unknown }[])[0]
        ?.readinessProbe;
    expect([probeOf({}), probeOf({ readyWithoutTunnel: true })]).toEqual([{ exec: { command: ['ready'] } }, undefined]);
    expect(objects.pod.metadata).toMatchObject({ annotations: { why: 'debug', 'mesh/note': 'x' } });
  });

  it('is owned by the Lease as controller, without blocking its deletion', () => {
    expect(ownedByLease(objects.secret, { namespace: 'shop', id: 'm1', uid: 'u1' }).metadata).toMatchObject({
      name: 'heddle-m1',
      ownerReferences: [{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'heddle-m1', uid: 'u1', controller: true }],
    });
  });

  it('shows no secret', () => {
    expect(JSON.stringify(redacted(objects.secret))).not.toContain('c2VjcmV0');
    expect(redacted(objects.secret)).toMatchObject({ data: { key: expect.any(String) } });
    expect(JSON.stringify(assumedShadow(objects))).not.toContain('c2VjcmV0');
  });
});

describe('shadowName', () => {
  it('cuts the service, never the id', () => {
    expect(shadowName('web', 'm1a2b3c4d5e6')).toBe('heddle-web-m1a2b3c4d5e6');
    const long = shadowName(`${'a'.repeat(42)}-${'b'.repeat(20)}`, 'm1a2b3c4d5e6');
    expect(long).toHaveLength(62);
    expect(long).toMatch(/^heddle-a{42}-m1a2b3c4d5e6$/);
  });
});
