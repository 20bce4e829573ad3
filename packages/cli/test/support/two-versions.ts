import type { Scenario } from '@heddle/core';
import { NAMESPACE } from './sandbox-world.js';

const labels = { run: 'tomcat', version: 'v2' };
const subsets = ['v1', 'v2'].map((name) => ({ name, labels: { version: name } }));

/** The tomcat scenario with a second version beside its one. */
export const twoVersions = (scenario: Scenario): Scenario => ({
  ...scenario,
  objects: [
    ...scenario.objects.map((object) => (object.kind === 'DestinationRule' ? { ...object, spec: { host: 'tomcat', subsets } } : object)),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: NAMESPACE, name: 'tomcat-v2-0', labels },
      spec: { containers: [{ name: 'tomcat', image: 'tomcat:9', ports: [{ name: 'http', containerPort: 8080 }] }] },
    },
  ],
  responders: [...scenario.responders, { labels, body: 'v2' }],
});
