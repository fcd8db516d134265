import type { CertificateFile, NetworkStatus } from '../../../shared/contract/network.ts';
import type { ServerStatus } from '../../../shared/contract/server.ts';

const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** How clients are made to trust a certificate that no authority has signed. */
const trust = (certPath: string): readonly string[] => [
  `Clients trust it by its file: copy ${certPath} to them, then`,
  '  curl     --cacert server.pem',
  '  Python   SSL_CERT_FILE=server.pem',
  '  Node     NODE_EXTRA_CA_CERTS=server.pem',
];

/** Where other machines reach the server, and what they need for it. */
export const renderNetwork = (network: NetworkStatus): string => {
  const { tls } = network;
  return [
    `Open to the network at ${network.urls.join(', ')}`,
    ...network.warnings.map((warning) => `WARNING  ${warning}`),
    ...(network.origins.length === 0 ? [] : [`Web pages that may call: ${network.origins.join(', ')}`]),
    ...(tls.type === 'none' ? [] : [`Certificate  SHA-256 ${tls.fingerprint}, until ${day(tls.endsAtMs)}`]),
    ...(tls.type === 'selfSigned' ? trust(tls.certPath) : []),
    "Clients use keys of their own (dyno keys create NAME); the owner's is not taken from the network.",
  ].join('\n');
};

export const renderReach = (status: ServerStatus): string => {
  if (status.type !== 'on') return 'The server is off.';
  return status.network === null
    ? `This machine only, at ${status.url}`
    : [`At ${status.url} for this machine.`, renderNetwork(status.network)].join('\n');
};

export const renderCertificate = ({ certPath, fingerprint, endsAtMs }: CertificateFile): string =>
  [`SHA-256 ${fingerprint}, until ${day(endsAtMs)}`, ...trust(certPath)].join('\n');
