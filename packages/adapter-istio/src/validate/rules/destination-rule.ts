import type { DestinationRule } from '../schema/destination-rule.js';
import { wildcardDomainFault } from '../values/names.js';
import { exportToFaults, labelFaults, selectorFaults, subsetFault } from './fields.js';
import type { About } from './report.js';
import { each, type Report } from './report.js';
import { trafficPolicyFaults } from './traffic-policy.js';

/** istio/istio `pkg/config/validation`, ValidateDestinationRule, 1.31. */
export function destinationRuleFaults(spec: DestinationRule, { namespace }: About, report: Report): void {
  const { host = '', trafficPolicy, subsets = [], exportTo = [], workloadSelector } = spec;
  report('/spec/host', wildcardDomainFault(host));
  trafficPolicyFaults(trafficPolicy, '/spec/trafficPolicy', namespace, report);
  const names = subsets.map(({ name }) => name);
  each(subsets, '/spec/subsets', ({ name = '', labels, trafficPolicy: own }, at) => {
    if (at !== `/spec/subsets/${names.indexOf(name)}`) report(`${at}/name`, `${name} is there before`);
    report(`${at}/name`, subsetFault(name));
    labelFaults(labels, `${at}/labels`, report);
    trafficPolicyFaults(own, `${at}/trafficPolicy`, namespace, report);
  });
  exportToFaults(exportTo, { namespace }, report);
  const away = exportTo.some((entry) => entry !== '.' && entry !== namespace);
  if (workloadSelector !== undefined && away) report('/spec/exportTo', 'must be . where there is a workloadSelector');
  selectorFaults(workloadSelector?.matchLabels, '/spec/workloadSelector/matchLabels', report);
}
