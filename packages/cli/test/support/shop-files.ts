import { type TextFiles, textFiles } from './text-files.js';

/** Two versions of reviews, a caller, and one that stays out of the mesh. */
const APPLICATION = `apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: reviews, version: v1}}
    spec: {containers: [{name: main}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews, version: v2}}
    spec: {containers: [{name: main}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: batch, namespace: shop}
spec:
  template:
    metadata: {labels: {app: batch, sidecar.istio.io/inject: 'false'}}
    spec: {containers: [{name: main}]}
`;

export const ROUTES = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
  - {name: v3, labels: {version: v3}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - name: jason
    match:
    - headers: {end-user: {exact: jason}}
    route:
    - destination: {host: reviews, subset: v2}
  - match:
    - uri: {prefix: /broken}
    route:
    - destination: {host: reviews, subset: v3}
  - match:
    - uri: {prefix: /old}
    rewrite: {uri: /new}
    mirror: {host: reviews, subset: v2}
    fault: {abort: {percentage: {value: 10}, httpStatus: 503}}
    timeout: 3s
    route:
    - destination: {host: reviews, subset: v1}
  - name: split
    route:
    - destination: {host: reviews, subset: v1}
      weight: 90
    - destination: {host: reviews, subset: v2}
      weight: 10
`;

const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: front, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [front]
  http:
  - match: [{uri: {prefix: /reviews}}]
    route: [{destination: {host: reviews, subset: v2}}]
`;

const KUMA = `apiVersion: kuma.io/v1alpha1
kind: Mesh
metadata: {name: default}
`;

/** A folder with an application, its routes, a gateway and an object of another mesh, each a file of its own. */
export interface ShopFiles extends TextFiles {
  /** The flags that name the application and its routes. */
  readonly shop: readonly string[];
}

export function shopFiles(): ShopFiles {
  const files = textFiles();
  for (const [name, text] of Object.entries({ app: APPLICATION, routes: ROUTES, gateway: GATEWAY, kuma: KUMA }))
    files.write(`${name}.yaml`, text);
  return { ...files, shop: ['-n', 'shop', '-f', files.file('app.yaml'), '-f', files.file('routes.yaml')] };
}
