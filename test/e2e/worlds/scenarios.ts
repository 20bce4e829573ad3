import { adapter as istio } from '@heddle/adapter-istio';
import { scenarios as istioScenarios } from '@heddle/adapter-istio/scenarios';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { scenarios as kumaScenarios } from '@heddle/adapter-kuma/scenarios';
import type { MeshAdapter, Scenario } from '@heddle/core';

/** The articles' applications, as scenarios of the adapters. */
export type ScenarioId = 'bookinfo' | 'flaskapp' | 'benigno' | 'benigno-traffic-route';

export interface Staged {
  readonly adapter: MeshAdapter;
  readonly scenario: Scenario;
  readonly client: NonNullable<Scenario['client']>;
  /** The API group that a cluster must serve. */
  readonly group: string;
  /** The workload whose requests are counted: the target of mirrors. */
  readonly counting: string;
}

const ADAPTERS = [
  { adapter: istio, scenarios: istioScenarios, group: 'networking.istio.io' },
  { adapter: kuma, scenarios: kumaScenarios, group: 'kuma.io' },
];

const COUNTING: Readonly<Record<ScenarioId, string>> = {
  bookinfo: 'reviews-v3',
  flaskapp: 'flaskapp-v2',
  benigno: 'benigno-v2',
  'benigno-traffic-route': 'benigno-v2',
};

export function stagedScenario(id: ScenarioId): Staged {
  for (const { adapter, scenarios, group } of ADAPTERS) {
    const scenario = scenarios.find((one) => one.id === id);
    if (scenario?.client !== undefined) return { adapter, scenario, client: scenario.client, group, counting: COUNTING[id] };
  }
  throw new Error(`no adapter has a scenario ${id} with a client`);
}
