import type { Golden, RecordedAnswer, RecordedOutcome } from '@heddle/conformance';
import { type Answer, type KubeObject, metaOf } from '@heddle/core';

/** Something that an answering program cannot see or decide of a real mesh, so that what it says there contradicts nothing. */
export interface Limit {
  readonly name: string;
  /** The recorded answer with our word for what the program could not know; `undefined`: the limit is not in the way here. */
  completed(recorded: RecordedAnswer, ours: Answer, golden: Golden): RecordedAnswer | undefined;
}

export const LIMITS: readonly Limit[] = [
  {
    // istio pilot/pkg/networking/core/gateway.go sets require_tls on the virtual host: Envoy redirects before it chooses a route, and a
    // program that tells routes apart by their names sees none.
    name: 'httpsRedirect is answered before a route is chosen',
    completed: (recorded, ours) =>
      recorded.route === 'none' &&
      recorded.status === 301 &&
      recorded.redirect === undefined &&
      ours.redirect?.location.startsWith('https:')
        ? { ...recorded, redirect: ours.redirect }
        : undefined,
  },
  {
    // envoy source/common/tcp_proxy: a connection has no header that could choose the destination, so not each of them can be tried.
    name: 'of a weighted connection only one destination is tried',
    completed: (recorded, ours) => {
      if (recorded.protocol !== 'tcp' || !recorded.outcomes.some(({ status }) => status === 0)) return undefined;
      const outcomes = recorded.outcomes.map(({ status: _, ...one }) => withStatus(one, sameIn(ours, one)?.status));
      const { status: _, ...rest } = recorded;
      return { ...rest, outcomes, ...(ours.status === undefined ? {} : { status: ours.status }) };
    },
  },
  {
    // istio pilot/pkg/serviceregistry/kube/controller/endpointslice.go, onEventInternal: endpoints of a Service exported to nobody are
    // not pushed once the Service is known, so whether there are any is up to the order in which istiod hears of the two.
    name: 'endpoints of a Service exported to nobody are up to the order of events',
    completed: (recorded, ours, { objects }) => {
      const hidden = hiddenHosts(objects);
      const isOpen = ({ host, reason }: RecordedOutcome) => reason === 'UH' && hidden.has(host);
      if (!recorded.outcomes.some(isOpen)) return undefined;
      const outcomes = recorded.outcomes.map((one) => {
        if (!isOpen(one)) return one;
        const { reason: _, ...rest } = one;
        const pods = (sameIn(ours, one)?.pods ?? []).map(({ namespace, name }) => `${namespace}/${name}`);
        return pods.length === 0 ? one : withStatus({ ...rest, pods }, 200);
      });
      const { status: _, mirrors: __, seen: ___, body: ____, ...rest } = recorded;
      return { ...rest, outcomes, ...spoken(ours) };
    },
  },
];

/** What follows from the outcomes. */
const spoken = ({ status, mirrors, seen, body }: Answer): Partial<RecordedAnswer> => ({
  ...(status === undefined ? {} : { status }),
  ...(mirrors === undefined ? {} : { mirrors: mirrors.map(({ pods: _, reason: __, ...mirror }) => mirror) }),
  ...(seen === undefined ? {} : { seen }),
  ...(body === undefined ? {} : { body }),
});

const sameIn = ({ outcomes }: Answer, one: RecordedOutcome) =>
  outcomes.find(({ host, port, subset }) => host === one.host && port === one.port && subset === one.subset);

const withStatus = (one: RecordedOutcome, status: number | undefined): RecordedOutcome => (status === undefined ? one : { ...one, status });

const hiddenHosts = (objects: readonly KubeObject[]): ReadonlySet<string> =>
  new Set(
    objects
      .filter(({ kind }) => kind === 'Service')
      .map(metaOf)
      .filter(({ annotations }) => annotations['networking.istio.io/exportTo'] === '~')
      .map(({ name, namespace }) => `${name}.${namespace}.svc.cluster.local`),
  );
