import type {
  Certificate,
  CertificateFile,
  NetworkChoices,
  NetworkInput,
  NetworkStatus,
} from '../../shared/contract/network.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import {
  certificateNames,
  createCertificateStore,
  listenAddresses,
  reachableAddresses,
  readIdentity,
  type Gateway,
  type TlsIdentity,
} from '../gateway/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { Actor } from './access/actor.ts';
import type { Access } from './access/open-access.ts';

/** How often a certificate is looked at again: it may have been renewed, or be due. */
const RENEW_EVERY_MS = 3_600_000;

/** All that can go wrong before a model is loaded has been looked at. */
export interface PreparedNetwork {
  readonly input: NetworkInput;
  readonly addresses: readonly string[];
  readonly identity: TlsIdentity | undefined;
}

/** Opens the server to the network and closes it again; each turn is a line of the audit log. */
export interface NetworkDoor {
  status(): NetworkStatus | null;
  choices(): NetworkChoices;
  /**
   * Looks at keys, addresses and certificate.
   * @throws AppError `server.no-network-key`, `app.bad-input`, `server.certificate-*`, `files.*`
   */
  prepare(input: NetworkInput): Promise<PreparedNetwork>;
  /** @throws AppError `app.port-in-use`, `app.bad-input` */
  open(gateway: Gateway, port: number, prepared: PreparedNetwork, actor: Actor): Promise<void>;
  /** Nothing happens where it is not open. */
  close(actor: Actor): Promise<void>;
  /** @throws AppError `app.not-found` while this machine has made none */
  certificate(): Promise<CertificateFile>;
}

interface Options {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'log' | 'files' | 'folders' | 'host'>;
  readonly access: Pick<Access, 'audit' | 'clientKeys'>;
  /** Another certificate is shown from now on. */
  readonly onRenewed: () => void;
}

interface OpenDoor extends AsyncDisposable {
  status(): NetworkStatus;
}

export const createNetworkDoor = ({ ports, access, onRenewed }: Options): NetworkDoor => {
  const { clock, files, host, log } = ports;
  const store = createCertificateStore(ports);
  let door: OpenDoor | undefined;
  let last: NetworkInput | null = null;

  const identify = async (
    { tls, hosts }: NetworkInput,
    addresses: readonly string[],
  ): Promise<TlsIdentity | undefined> => {
    switch (tls.type) {
      case 'none':
        return undefined;
      case 'selfSigned':
        return store.selfSigned(certificateNames({ addresses, hosts }));
      case 'files': {
        const [certPem, keyPem] = await Promise.all([
          files.readText(tls.certPath),
          files.readText(tls.keyPath),
        ]);
        return readIdentity({ certPem, keyPem }, clock.nowMs());
      }
      default:
        return tls satisfies never;
    }
  };

  const tlsOf = ({ tls }: NetworkInput, identity: TlsIdentity | undefined): NetworkStatus['tls'] => {
    if (identity === undefined || tls.type === 'none') return { type: 'none' };
    const { fingerprint, endsAtMs } = identity;
    const certificate: Certificate = {
      certPath: tls.type === 'files' ? tls.certPath : store.certPath,
      fingerprint,
      endsAtMs,
    };
    return { type: tls.type, ...certificate };
  };

  const warningsOf = ({ input, addresses, identity }: PreparedNetwork): readonly string[] => {
    if (identity === undefined)
      return ['Keys, prompts and answers travel in clear: whoever is on the way can read and use them.'];
    const missing = certificateNames({ addresses, hosts: input.hosts }).filter(
      (name) => !identity.covers(name),
    );
    return missing.length === 0
      ? []
      : [`The certificate is not made out to ${missing.join(', ')}: clients that call it so refuse it.`];
  };

  const close = async (actor: Actor): Promise<void> => {
    const closing = door;
    if (closing === undefined) return;
    const { addresses, port } = closing.status();
    door = undefined;
    await closing[Symbol.asyncDispose]();
    access.audit.noteServer(actor, 'server.closed', { addresses, port });
  };

  const open: NetworkDoor['open'] = async (gateway, port, prepared, actor) => {
    await close(actor);
    const { input, addresses } = prepared;
    const { hosts, origins } = input;
    let { identity } = prepared;
    const { urls, present } = await gateway.openNetwork({
      port,
      addresses,
      hosts,
      origins,
      certificate: identity,
    });
    const sinceMs = clock.nowMs();
    const renew = async (): Promise<void> => {
      const next = await identify(input, addresses);
      if (next === undefined || next.fingerprint === identity?.fingerprint) return;
      present(next);
      identity = next;
      log.warn('the server shows another certificate: clients need the new file', {
        fingerprint: next.fingerprint,
      });
      onRenewed();
    };
    const watch = clock.every(RENEW_EVERY_MS, () => {
      // a file that is being written, or has ended: the old one is shown until there is a better one
      renew().catch((error: unknown) => log.error('the certificate could not be renewed', { error }));
    });
    const opened: OpenDoor = {
      status: () => ({
        port,
        urls: [...urls],
        addresses: [...addresses],
        hosts: [...hosts],
        origins: [...origins],
        tls: tlsOf(input, identity),
        warnings: [...warningsOf({ ...prepared, identity })],
        sinceMs,
      }),
      [Symbol.asyncDispose]: async () => {
        watch[Symbol.dispose]();
        await gateway.closeNetwork();
      },
    };
    door = opened;
    last = input;
    const fingerprint = identity?.fingerprint;
    access.audit.noteServer(actor, 'server.opened', {
      addresses,
      port,
      hosts,
      origins,
      tls: input.tls.type,
      fingerprint,
    });
  };

  return {
    status: () => door?.status() ?? null,
    choices: () => ({
      addresses: reachableAddresses(host.networkAddresses()).map(({ address, family, interfaceName }) => ({
        address,
        family,
        interfaceName,
      })),
      hostName: host.hostName.toLowerCase(),
      keys: access.clientKeys(),
      last,
    }),
    prepare: async (input) => {
      if (access.clientKeys() === 0) {
        throw new AppError('server.no-network-key', undefined, {
          hint: "Make a key for each client first: dyno keys create NAME. The owner's own is not taken from the network.",
        });
      }
      const addresses = listenAddresses(input.addresses, host.networkAddresses());
      return { input, addresses, identity: await identify(input, addresses) };
    },
    open,
    close,
    certificate: async () => {
      const kept = await store.kept();
      if (kept !== undefined) {
        const { certPem, fingerprint, endsAtMs } = kept;
        return { certPath: store.certPath, certPem, fingerprint, endsAtMs };
      }
      throw new AppError('app.not-found', 'This machine has made no certificate yet.', {
        hint: 'dyno serve --listen ADDRESS makes one.',
      });
    },
  };
};
