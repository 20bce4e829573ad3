/** What the image in `agent/`, the pod and the in-process agent agree on. */
export const AGENT = {
  container: 'heddle-agent',
  volume: 'heddle-agent',
  /** User and group. */
  uid: 10_022,
  /** Where the session's Secret is mounted. */
  session: '/etc/heddle/session',
  ready: '/opt/heddle/ready',
  /** Name of the container's port that `connect` dials. */
  controlPort: 'heddle-control',
} as const;

/** Keys of the session's Secret, which are file names in the pod. */
export const SECRET = {
  token: 'token',
  settings: 'settings.json',
} as const;
