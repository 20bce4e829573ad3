import { readFileSync } from 'node:fs';
import type { Scenario } from '@heddle/core';
import { dump } from 'js-yaml';
import type { Running } from './state.js';

export const FORMATS = ['text', 'json', 'yaml', 'kubeconfig'] as const;

/** What `sandbox start` says: where things are, and what to try next. */
export function summary(running: Running, scenario: Scenario, format: (typeof FORMATS)[number], bin: string, end: string): string {
  const { kubeconfig, gatewayUrl, clientUrl } = running;
  const { title, client, gateway } = scenario;
  if (format === 'json') return JSON.stringify(running);
  if (format === 'yaml') return dump(running).trimEnd();
  if (format === 'kubeconfig') return readFileSync(kubeconfig, 'utf8').trimEnd();
  return [
    title,
    '',
    `kubeconfig   ${kubeconfig}`,
    ...(gateway === undefined ? [] : [`gateway      ${gatewayUrl}  (as ${gateway.host})`]),
    ...(client === undefined ? [] : [`in the mesh  ${clientUrl}  (a pod that calls ${client.host}:${client.port})`]),
    '',
    'What to try next:',
    `  export KUBECONFIG=${kubeconfig}`,
    `  kubectl get pods,services -n ${client?.namespace ?? 'default'}`,
    ...(gateway === undefined ? [] : [`  curl ${gatewayUrl}`]),
    ...(client === undefined ? [] : [`  ${bin} mesh ${client.host} --expose ${client.port} -n ${client.namespace}`]),
    '',
    `${end} ends it.`,
  ].join('\n');
}
