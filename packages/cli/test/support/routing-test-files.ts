import { type TextFiles, textFiles } from './text-files.js';

/** reviews in namespace shop: v1 and v2, jason gets v2 at another path, a tenth of the others too. */
export const SHOP = `apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews, version: v1}}
  template: {metadata: {labels: {app: reviews, version: v1}}, spec: {containers: [{name: app, image: app}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: reviews-v2-0, namespace: shop, labels: {app: reviews, version: v2}}
spec: {containers: [{name: app, image: app}]}
status: {phase: Running, podIP: 10.1.1.1, conditions: [{type: Ready, status: 'True'}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - name: jason
    match: [{headers: {end-user: {exact: jason}}}]
    rewrite: {uri: /v2}
    route: [{destination: {host: reviews, subset: v2}}]
  - route:
    - {destination: {host: reviews, subset: v1}, weight: 90}
    - {destination: {host: reviews, subset: v2}, weight: 10}
`;

/** Requests of a case on the shop: as they should be, and not. */
export const RIGHT = `- name: jason gets v2
  url: http://reviews:9080/
  headers: {end-user: jason}
  expect: {status: 200, outcomes: [{version: v2}], seen: {path: /v2}}
`;
export const WRONG = `- name: a half gets v2
  method: POST
  url: http://reviews:9080/it's
  expect: {outcomes: [{version: v2, probability: 0.5}], mirrors: [{subset: v1}]}
`;

/** A folder of case files, with the shop's objects. */
export interface CaseFolder extends TextFiles {
  /** Writes a case on the shop's objects, which stand in mesh/, and returns its path. */
  shop(requests: string, head?: string): string;
}

export function caseFolder(): CaseFolder {
  const files = textFiles();
  files.write('mesh/reviews.yaml', SHOP);
  let cases = 0;
  return {
    ...files,
    shop: (requests, head = 'client: {namespace: shop, labels: {app: web}}') => {
      cases += 1;
      return files.write(`cases/${cases}.yaml`, `files: [../mesh/]\n${head}\nrequests:\n${requests}`);
    },
  };
}
