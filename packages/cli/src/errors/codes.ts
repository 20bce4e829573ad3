import type { ExitKind } from '@heddle/core';

/** Every code that the command line itself reports. `when` is a sentence for docs/errors.md, which is made from this table. */
export const CLI_ERRORS = {
  usage: { exit: 'usage', when: 'A command, flag or argument is missing, unknown or malformed.' },
  'unknown-command': { exit: 'usage', when: 'There is no command of that name.' },
  'node-too-old': { exit: 'usage', when: 'The Node.js that runs heddle is older than it needs.' },
  'expose-invalid': { exit: 'usage', when: '--expose is not of the form [[HOST:]LOCAL:]PORT.' },
  'service-invalid': { exit: 'usage', when: 'The service is not written as NAME or NAME:PORT.' },
  'unknown-port': { exit: 'usage', when: 'The service has no port of that number or name.' },
  'unknown-service': { exit: 'usage', when: 'The namespace has no service of that name.' },
  'config-unreadable': { exit: 'usage', when: 'A configuration file cannot be read.' },
  'config-syntax': { exit: 'usage', when: 'A configuration file is not valid YAML.' },
  'config-invalid': { exit: 'usage', when: 'A configuration file has an unknown key or a value of the wrong kind.' },
  'unknown-cluster': { exit: 'usage', when: "--cluster names no entry of the configuration's clusters." },
  'cluster-ambiguous': {
    exit: 'usage',
    when: "Two entries of the configuration's clusters fit one context, or one entry fits several contexts.",
  },
  'unknown-context': { exit: 'usage', when: 'The kubeconfig has no context of that name, or none is chosen.' },
  'unknown-adapter': { exit: 'usage', when: 'No installed package brings a mesh adapter of that id.' },
  'unknown-tunnel': { exit: 'usage', when: 'No installed package brings a tunnel of that id.' },
  'plugin-duplicate': { exit: 'usage', when: 'Two installed packages bring an adapter or tunnel of one id.' },
  'plugin-incompatible': { exit: 'usage', when: "An adapter or tunnel was written for another version of heddle's contract." },
  'plugin-broken': { exit: 'usage', when: "An adapter's or tunnel's module cannot be loaded, or is not what its package says." },
  'mesh-ambiguous': { exit: 'usage', when: 'The cluster runs several meshes and nothing says which one is meant.' },
  'mesh-not-found': { exit: 'refused', when: 'The cluster runs no mesh that an installed adapter knows, or not the one that was named.' },
  'plan-refused': { exit: 'refused', when: 'The plan says no without giving a reason of its own.' },
  'consent-needed': { exit: 'usage', when: 'The change affects other people and there is no terminal to ask at.' },
  declined: { exit: 'usage', when: 'The question was answered with no; nothing was changed.' },
  'local-port-closed': { exit: 'usage', when: 'Nothing listens on the local port that requests would go to.' },
  'local-port-in-use': { exit: 'usage', when: 'A process listens already on the port that the command after -- should open.' },
  'command-not-started': { exit: 'usage', when: 'The command after -- cannot be started.' },
  'command-not-listening': { exit: 'usage', when: 'The command after -- ended, or took too long, before it listened on the local port.' },
  'unknown-session': { exit: 'usage', when: 'There is no session of that id in the namespace.' },
  'session-live': { exit: 'refused', when: 'The session belongs to a live process; only --force takes it over.' },
  'session-dead': { exit: 'refused', when: "The session's process is gone, so it cannot be asked to stop." },
  'stop-timeout': { exit: 'cluster', when: "The session's process has not ended it in time." },
  'partly-undone': { exit: 'partial', when: "Something of heddle's is left in the cluster." },
  'doctor-found': { exit: 'negative', when: '`heddle doctor` found something that keeps a session from working.' },
  'bundle-unwritable': { exit: 'usage', when: "The bundle's file cannot be written." },
} as const satisfies Readonly<Record<string, { readonly exit: ExitKind; readonly when: string }>>;

export type CliErrorCode = keyof typeof CLI_ERRORS;
