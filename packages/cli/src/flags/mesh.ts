import { Flags } from '@oclif/core';
import { matchFlags } from './match.js';
import { imageFlag } from './shared-flags.js';

/** The flags that only `heddle mesh` has. */
export const meshFlags = {
  expose: Flags.string({
    required: true,
    summary: "The service's port (number or name), and where its requests go on this machine; several by comma.",
    helpValue: '[[HOST:]LOCAL:]PORT[,…]',
    env: 'HEDDLE_EXPOSE',
  }),
  ...matchFlags,
  'on-lost': Flags.option({ options: ['fallback', 'fail'] as const })({
    default: 'fallback' as const,
    summary: 'While the tunnel is lost: let the cluster answer, or fail.',
    env: 'HEDDLE_ON_LOST',
  }),
  'no-sidecar': Flags.boolean({
    summary: 'Give the shadow no proxy of the mesh; the proof then reads “written”.',
    env: 'HEDDLE_NO_SIDECAR',
  }),
  realise: Flags.option({ options: ['service', 'subset', 'tag'] as const })({
    default: 'service' as const,
    summary: "The shadow has a Service of its own, or is one of the service's own pods, told apart as the mesh can: by subset or tag.",
    env: 'HEDDLE_REALISE',
  }),
  ...imageFlag,
  'accept-policy-gap': Flags.boolean({
    summary: 'Go on although policies of the service do not hold for the shadow.',
    env: 'HEDDLE_ACCEPT_POLICY_GAP',
  }),
};
