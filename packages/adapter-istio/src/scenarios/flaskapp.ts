import { type KubeObject, namespaceObject, type Scenario, workloadObjects } from '@heddle/core';
import { answers, application, NETWORKING, subsets, systemAnswers } from './application.js';
import { CONTROL_PLANE } from './control-plane.js';
import { admit } from './injection.js';
import { ISTIO_KINDS } from './kinds.js';

const HOME = 'flask-demo';
const VERSIONS = ['v1', 'v2'];
const SLEEP = { app: 'sleep' };

/** As the article means it: its two Deployments both say `version: v1`. */
const ROUTING: readonly KubeObject[] = [
  subsets(HOME, 'flaskapp', VERSIONS),
  {
    apiVersion: NETWORKING,
    kind: 'VirtualService',
    metadata: { namespace: HOME, name: 'flaskapp' },
    spec: {
      hosts: ['flaskapp'],
      http: [
        {
          match: [{ headers: { 'end-user': { exact: 'jason' } } }],
          route: [{ destination: { host: 'flaskapp', subset: 'v2' } }],
        },
        { route: [{ destination: { host: 'flaskapp', subset: 'v1' } }] },
      ],
    },
  },
];

/** One service in two versions, and a client that calls it. */
export const flaskapp: Scenario = {
  id: 'flaskapp',
  title: 'sleep calls flaskapp v1, and v2 with the header end-user: jason',
  objects: [
    ...CONTROL_PLANE,
    namespaceObject(HOME, { 'istio-injection': 'enabled' }),
    ...application(HOME, 'flaskapp', 80, VERSIONS),
    ...workloadObjects({ namespace: HOME, name: 'sleep', labels: SLEEP, container: { name: 'sleep', image: 'example/sleep' } }),
    ...ROUTING,
  ],
  kinds: ISTIO_KINDS,
  admit,
  responders: [...answers('flaskapp', VERSIONS), { labels: SLEEP, body: 'a client in the mesh\n' }, ...systemAnswers],
  client: { namespace: HOME, labels: SLEEP, host: 'flaskapp', port: 80 },
};
