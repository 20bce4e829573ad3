import { type KubeObject, type Labels, namespaceObject, type Scenario, serviceObject } from '@heddle/core';
import { admit } from './injection.js';
import { SCENARIO_KINDS } from './scenario-kinds.js';

const HOME = 'shop';
const SYSTEM = 'istio-system';

const pod = (name: string, labels: Labels): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: HOME, labels },
  spec: { containers: [{ name: 'app', image: 'example.test/app:1', ports: [{ containerPort: 9080 }] }] },
});

const service = (name: string, selector: Labels): KubeObject =>
  serviceObject(HOME, name, selector, [{ name: 'http', port: 9080, targetPort: 9080, appProtocol: 'http' }]);

const backend = (name: string, weight: number): KubeObject => ({ group: '', kind: 'Service', name, port: 9080, weight });

/** What `detect` looks for: a cluster without it would have no implementation of the Gateway API. */
const CONTROL_PLANE: readonly KubeObject[] = [
  namespaceObject(SYSTEM),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: SYSTEM, labels: { app: 'istiod' } },
    spec: {
      selector: { matchLabels: { app: 'istiod' } },
      template: {
        metadata: { labels: { app: 'istiod' } },
        spec: { containers: [{ name: 'discovery', image: 'docker.io/istio/pilot:1.31.1' }] },
      },
    },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'istio' },
    spec: { controllerName: 'istio.io/gateway-controller' },
  },
];

/** A Service in two versions, each with a Service of its own, and a user's route: requests for the API are split, all others go to v1. */
export const reviews: Scenario = {
  id: 'reviews',
  title: 'Service reviews in two versions, behind an HTTPRoute that splits what is under /api',
  objects: [
    ...CONTROL_PLANE,
    namespaceObject(HOME, { 'istio-injection': 'enabled' }),
    pod('reviews-v1', { app: 'reviews', version: 'v1' }),
    pod('reviews-v2', { app: 'reviews', version: 'v2' }),
    pod('ratings', { app: 'ratings' }),
    pod('caller', { app: 'caller' }),
    service('reviews', { app: 'reviews' }),
    service('reviews-v1', { app: 'reviews', version: 'v1' }),
    service('reviews-v2', { app: 'reviews', version: 'v2' }),
    service('ratings', { app: 'ratings' }),
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'reviews', namespace: HOME },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'reviews', port: 9080 }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
            backendRefs: [backend('reviews-v1', 90), backend('reviews-v2', 10)],
          },
          { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [backend('reviews-v1', 1)] },
        ],
      },
    },
  ],
  kinds: SCENARIO_KINDS,
  admit,
  responders: [
    { labels: { app: 'reviews', version: 'v1' }, body: 'reviews v1\n' },
    { labels: { app: 'reviews', version: 'v2' }, body: 'reviews v2\n' },
    { labels: { app: 'ratings' }, body: 'ratings\n' },
    { labels: { app: 'caller' }, body: 'a client in the mesh\n' },
  ],
  client: { namespace: HOME, labels: { app: 'caller' }, host: 'reviews', port: 9080 },
};
