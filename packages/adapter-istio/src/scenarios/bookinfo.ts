import { type KubeObject, namespaceObject, type Responder, type Scenario } from '@heddle/core';
import { answers, application, NETWORKING, subsets, systemAnswers } from './application.js';
import { CONTROL_PLANE, ingressLabels } from './control-plane.js';
import { admit } from './injection.js';
import { ISTIO_KINDS } from './kinds.js';

const HOME = 'bookinfo';
const HOST = 'bookinfo.example.com';
const PORT = 9080;

const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  productpage: ['v1'],
  details: ['v1'],
  ratings: ['v1'],
  reviews: ['v1', 'v2', 'v3'],
};

/** v1 of the reviews shows no stars, so it asks nobody; the others pass on who asks, as the application does. */
const RATINGS: Responder['calls'] = { host: 'ratings', port: PORT, passes: ['end-user', 'cookie', 'user-agent', 'x-request-id'] };

const virtualService = (name: string, spec: KubeObject): KubeObject => ({
  apiVersion: NETWORKING,
  kind: 'VirtualService',
  metadata: { namespace: HOME, name },
  spec,
});

const to = (host: string, subset: string): KubeObject => ({ route: [{ destination: { host, subset } }] });

/** The user jason sees v2 of the reviews, everybody else v1; from outside only the product page can be reached. */
const ROUTING: readonly KubeObject[] = [
  {
    apiVersion: NETWORKING,
    kind: 'Gateway',
    metadata: { namespace: HOME, name: 'bookinfo-gateway' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [HOST] }],
    },
  },
  virtualService('bookinfo', {
    hosts: [HOST],
    gateways: ['bookinfo-gateway'],
    http: [
      {
        match: [
          { uri: { exact: '/productpage' } },
          { uri: { prefix: '/static' } },
          { uri: { exact: '/login' } },
          { uri: { exact: '/logout' } },
          { uri: { prefix: '/api/v1/products' } },
        ],
        route: [{ destination: { host: 'productpage', port: { number: PORT } } }],
      },
    ],
  }),
  virtualService('reviews', {
    hosts: ['reviews'],
    http: [
      {
        name: 'jason',
        match: [{ headers: { cookie: { regex: '^(.*?;)?(user=jason)(;.*)?$' } } }],
        ...to('reviews', 'v2'),
      },
      { name: 'everybody', ...to('reviews', 'v1') },
    ],
  }),
  ...['productpage', 'details', 'ratings'].map((name) => virtualService(name, { hosts: [name], http: [to(name, 'v1')] })),
  ...Object.entries(VERSIONS).map(([name, versions]) => subsets(HOME, name, versions)),
];

/** Istio's Bookinfo with one service in three versions. */
export const bookinfo: Scenario = {
  id: 'bookinfo',
  title: "Istio's Bookinfo: reviews in three versions, of which the user jason sees v2",
  objects: [
    ...CONTROL_PLANE,
    namespaceObject(HOME, { 'istio-injection': 'enabled' }),
    ...Object.entries(VERSIONS).flatMap(([name, versions]) => application(HOME, name, PORT, versions)),
    ...ROUTING,
  ],
  kinds: ISTIO_KINDS,
  admit,
  responders: [
    ...Object.entries(VERSIONS).flatMap(([name, versions]) =>
      answers(name, versions, name === 'reviews' ? { v2: RATINGS, v3: RATINGS } : {}),
    ),
    ...systemAnswers,
  ],
  gateway: { namespace: 'istio-system', labels: ingressLabels, host: HOST, port: 80 },
  client: { namespace: HOME, labels: { app: 'productpage' }, host: 'reviews', port: PORT },
};
