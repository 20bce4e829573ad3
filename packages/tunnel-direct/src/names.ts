import type { AgentImage } from '@heddle/core';

/** What the image in `agent/`, the pod and the in-process agent agree on. Node itself takes 45 MiB; each slow connection up to 1 MiB. */
export const IMAGE: AgentImage = {
  uid: 10_022,
  session: '/etc/heddle/session',
  ready: '/opt/heddle/ready',
  controlPort: 'heddle-control',
  memory: '64Mi',
};

/** Keys of the session's Secret, which are file names in the pod. */
export const SECRET = {
  token: 'token',
  settings: 'settings.json',
} as const;
