import { createHash, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { addressBytes } from '../../../shared/units/address-bytes.ts';
import { bits, bool, octets, oid, positive, sequence, set, tagged, time, utf8, type Der } from './der.ts';

/** A certificate and its private key, both PEM. */
export interface PemPair {
  readonly certPem: string;
  readonly keyPem: string;
}

const ids = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  names: '2.5.29.17',
  constraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

const extension = (id: string, isCritical: boolean, value: Der): Der =>
  sequence(oid(id), ...(isCritical ? [bool(true)] : []), octets(value));

/** Under [2] a name, under [7] the 4 or 16 bytes of an address (RFC 5280, 4.2.1.6). */
const nameOf = (name: string): Der => {
  const bytes = addressBytes(name);
  return bytes === undefined ? tagged(0x82, Buffer.from(name, 'ascii')) : tagged(0x87, bytes);
};

const toPem = (label: string, bytes: Uint8Array): string => {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/gu) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
};

/**
 * A new key (ECDSA on P-256) and a certificate signed with itself, X.509 version 3 after RFC 5280. It may not sign other
 * certificates, so that who trusts it trusts this one server and nothing else.
 * @param names DNS names and IP addresses, IPv6 without brackets
 * @param options.serial 8 to 19 random bytes
 */
export const makeCertificate = async (
  names: readonly string[],
  options: { readonly serial: Uint8Array; readonly fromMs: number; readonly untilMs: number },
): Promise<PemPair> => {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'prime256v1' });
  const publicInfo = publicKey.export({ format: 'der', type: 'spki' });
  // SHA-1 over the key as it stands in the certificate names it (RFC 5280, 4.2.1.2); it guards nothing.
  const keyId = createHash('sha1').update(publicInfo).digest();
  const algorithm = sequence(oid(ids.ecdsaWithSha256));
  const subject = sequence(set(sequence(oid(ids.commonName), utf8('Dyno'))));
  const body = sequence(
    tagged(0xa0, positive(Uint8Array.of(2))), // version 3
    positive(options.serial),
    algorithm,
    subject, // as issuer
    sequence(time(options.fromMs), time(options.untilMs)),
    subject,
    publicInfo,
    tagged(
      0xa3,
      sequence(
        extension(ids.constraints, true, sequence()),
        extension(ids.keyUsage, true, bits(Uint8Array.of(0x80), 7)), // digitalSignature
        extension(ids.extendedUsage, false, sequence(oid(ids.serverAuth))),
        extension(ids.subjectKey, false, octets(keyId)),
        extension(ids.authorityKey, false, sequence(tagged(0x80, keyId))),
        extension(ids.names, false, sequence(...names.map(nameOf))),
      ),
    ),
  );
  const signed = sequence(body, algorithm, bits(sign('sha256', body, privateKey)));
  return {
    certPem: toPem('CERTIFICATE', signed),
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
};
