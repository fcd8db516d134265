import {
  networkInputSchema,
  type NetworkChoices,
  type NetworkInput,
} from '../../../../shared/contract/network.ts';
import { readForm, type FormRead } from '../../../transport/field-problems.ts';

export const tlsTypes = ['selfSigned', 'files', 'none'] as const;
export type TlsType = (typeof tlsTypes)[number];

/** The way to the network as the form holds it. */
export interface NetworkForm {
  readonly addresses: readonly string[];
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly tls: TlsType;
  readonly certPath: string;
  readonly keyPath: string;
  /** Whoever opens it says once that they mean it. */
  readonly isMeant: boolean;
}

const emptyNetworkForm: NetworkForm = {
  addresses: [],
  hosts: [],
  origins: [],
  tls: 'selfSigned',
  certPath: '',
  keyPath: '',
  isMeant: false,
};

/** As it was opened last, on the addresses that are still there; to be meant anew. */
export const networkFormOf = ({ last, addresses }: NetworkChoices): NetworkForm =>
  last === null
    ? emptyNetworkForm
    : {
        ...emptyNetworkForm,
        addresses: last.addresses.filter((each) => addresses.some(({ address }) => address === each)),
        hosts: last.hosts,
        origins: last.origins,
        tls: last.tls.type,
        ...(last.tls.type === 'files' && { certPath: last.tls.certPath, keyPath: last.tls.keyPath }),
      };

const ownProblems = (form: NetworkForm): Readonly<Record<string, string>> => ({
  ...(form.addresses.length === 0 && { addresses: 'Choose one at least' }),
  ...(form.tls === 'files' && form.certPath.trim() === '' && { 'tls.certPath': 'Say where it lies' }),
  ...(form.tls === 'files' && form.keyPath.trim() === '' && { 'tls.keyPath': 'Say where it lies' }),
  ...(!form.isMeant && { isMeant: 'Nothing is opened before you have said so' }),
});

export const readNetworkForm = (form: NetworkForm): FormRead<NetworkInput> =>
  readForm(
    networkInputSchema,
    {
      addresses: form.addresses,
      hosts: form.hosts,
      origins: form.origins,
      tls:
        form.tls === 'files'
          ? { type: 'files', certPath: form.certPath.trim(), keyPath: form.keyPath.trim() }
          : { type: form.tls },
    },
    ownProblems(form),
  );

/** What is wrong with a list: the list itself, or one of what it holds. */
export const listProblem = (
  fields: Readonly<Record<string, string>>,
  list: 'addresses' | 'hosts' | 'origins',
): string | undefined =>
  Object.entries(fields).find(([field]) => field === list || field.startsWith(`${list}.`))?.[1];
