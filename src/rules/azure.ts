import { caskDate, hasCaskChecksum, hasDevopsChecksum, hasEntraChecksum, hasMarvin } from './azure-checksum.ts';
import { azureMaker } from './azure-maker.ts';
import { because, byShape, bySilentChecksum, type Judge } from './judge.ts';
import { placeholderReason } from './placeholder.ts';
import type { NearRule, Rule } from './rule.ts';
import { named } from './token.ts';

const shared = { provider: 'Microsoft Azure', category: 'cloud' } as const;

/** A key whose last four bytes are a Marvin checksum; the seed that fits tells what the key may do. */
const byMarvin =
  (seeds: Readonly<Record<string, string>>): Judge =>
  (match) => {
    for (const [seed, holder] of Object.entries(seeds)) {
      if (hasMarvin(match.secret, seed)) {
        return because('checksum', 'confirmed', `The checksum inside the key is right: ${holder}.`);
      }
    }
    const shape = byShape()(match);
    if (shape === null || shape.verdict === 'inert') return shape;
    return because(
      'checksum-mismatch',
      'possible',
      'The signature of the service is there, but the checksum does not fit.',
    );
  };

type MarvinFacts = Pick<NearRule, 'id' | 'title' | 'severity' | 'attack' | 'rotate'> & {
  readonly signature: string;
  /** Bytes of the decoded key. */
  readonly sizeBytes: number;
  readonly url?: boolean;
  readonly seeds: Readonly<Record<string, string>>;
};

/** Base64 with the signature right before the last six characters (padding not counted). */
const identifiable = ({ signature, sizeBytes, url = false, seeds, ...facts }: MarvinFacts): NearRule => {
  const characters = url ? 'A-Za-z0-9_-' : 'A-Za-z0-9+/';
  const textLength = Math.ceil((sizeBytes * 8) / 6);
  const padding = '='.repeat((3 - (sizeBytes % 3)) % 3);
  const escaped = signature.replace('+', '\\+');
  const [seed = ''] = Object.keys(seeds);
  return {
    ...shared,
    ...facts,
    reach: 'near',
    docs: 'https://github.com/microsoft/security-utilities',
    anchors: [{ text: signature }],
    pattern: new RegExp(
      `(?<![${characters}])(?<secret>[${characters}]{${textLength - 6 - signature.length}}${escaped}[${characters}]{6}${padding})(?![=${characters}])`,
    ),
    judge: byMarvin(seeds),
    examples: [(make) => `key: "${azureMaker(make).identifiable(signature, sizeBytes, seed, url)}"`],
    nearMisses: [(make) => `key: "${azureMaker(make).identifiable(signature, sizeBytes, seed, url).slice(4)}"`],
  };
};

const judgeCask: Judge = (match) => {
  const signature = match.secret.slice(76, 80);
  const date = caskDate(match.secret);
  if (date === null) return null;
  const kind = caskKinds[signature.toUpperCase()] ?? 'a Microsoft service';
  if (hasCaskChecksum(match.secret)) {
    const title = `Azure key: ${kind}`;
    return because('checksum', 'confirmed', `The checksum inside is right: a key of ${kind}, made in ${date}.`, {
      title,
    });
  }
  const fake = placeholderReason(match.secret.slice(0, 52));
  if (fake !== null) return { verdict: 'inert', reasons: [fake] };
  return because('checksum-mismatch', 'possible', 'The marks of such a key are there, but the checksum does not fit.');
};

const caskKinds: Readonly<Record<string, string>> = {
  AZAC: 'App Configuration',
  AZMP: 'Azure Maps',
  AZMR: 'Mixed Reality',
  AZCS: 'Communication Services',
  AZFR: 'Fluid Relay',
  AZEG: 'Event Grid',
  AZDO: 'Azure DevOps (personal access token)',
  ACOG: 'Azure AI services',
};

export const azureRules: readonly Rule[] = [
  identifiable({
    id: 'azure-storage-key',
    title: 'Azure storage account key',
    severity: 'critical',
    attack: 'Reads, changes and deletes all data of the storage account.',
    rotate: 'azure-storage-key',
    signature: '+ASt',
    sizeBytes: 64,
    seeds: { Default0: 'a storage account key' },
  }),
  identifiable({
    id: 'azure-cosmosdb-key',
    title: 'Azure Cosmos DB key',
    severity: 'critical',
    attack: 'Reads and, unless it is a read-only key, changes all data of the account.',
    rotate: 'azure-other-key',
    signature: 'ACDb',
    sizeBytes: 64,
    seeds: { MastRW00: 'a key that reads and writes', MastRO00: 'a key that only reads' },
  }),
  identifiable({
    id: 'azure-batch-key',
    title: 'Azure Batch key',
    severity: 'high',
    attack: 'Runs jobs on the bill of the account.',
    rotate: 'azure-other-key',
    signature: '+ABa',
    sizeBytes: 64,
    seeds: { AbAcct00: 'a Batch account key' },
  }),
  identifiable({
    id: 'azure-api-management-key',
    title: 'Azure API Management key',
    severity: 'critical',
    attack: 'Manages the API gateway, or calls the APIs behind it.',
    rotate: 'azure-other-key',
    signature: 'APIM',
    sizeBytes: 64,
    seeds: {
      Tenant00: 'direct management',
      Gatewy00: 'a gateway key',
      GitKey00: 'the repository',
      IoTHub00: 'a subscription',
    },
  }),
  identifiable({
    id: 'azure-functions-key',
    title: 'Azure Functions key',
    severity: 'high',
    attack: 'Calls the functions of an app; the master key also deploys code to it.',
    rotate: 'azure-functions-key',
    signature: 'AzFu',
    sizeBytes: 40,
    url: true,
    seeds: { Functi00: 'a function key', Master00: 'the master key', System00: 'a system key' },
  }),
  identifiable({
    id: 'azure-search-key',
    title: 'Azure AI Search key',
    severity: 'critical',
    attack: 'Rewrites the indices of the service; a query key only searches.',
    rotate: 'azure-search-admin-key',
    signature: 'AzSe',
    sizeBytes: 39,
    seeds: { PAdmin00: 'an admin key', Query000: 'a query key' },
  }),
  identifiable({
    id: 'azure-container-registry-key',
    title: 'Azure Container Registry password',
    severity: 'critical',
    attack: 'Pulls images and pushes images of the attacker.',
    rotate: 'azure-other-key',
    signature: '+ACR',
    sizeBytes: 39,
    seeds: { ACRDflt0: 'a registry password' },
  }),
  identifiable({
    id: 'azure-cache-key',
    title: 'Azure Cache for Redis key',
    severity: 'critical',
    attack: 'Reads and changes everything in the cache.',
    rotate: 'azure-other-key',
    signature: 'AzCa',
    sizeBytes: 32,
    seeds: { Access00: 'a cache key' },
  }),
  ...(['+ASb', '+AEh', '+ARm'] as const).map((signature) =>
    identifiable({
      id: { '+ASb': 'azure-service-bus-key', '+AEh': 'azure-event-hubs-key', '+ARm': 'azure-relay-key' }[signature],
      title: { '+ASb': 'Azure Service Bus key', '+AEh': 'Azure Event Hubs key', '+ARm': 'Azure Relay key' }[signature],
      severity: 'high',
      attack: 'Sends or receives messages; a key that manages can do both, and change the queues.',
      rotate: 'azure-other-key',
      signature,
      sizeBytes: 32,
      seeds: { Send0000: 'a key that sends', Listen00: 'a key that listens', Manage00: 'a key that manages' },
    }),
  ),
  identifiable({
    id: 'azure-iot-key',
    title: 'Azure IoT key',
    severity: 'high',
    attack: 'Poses as a device, or manages the hub and all its devices.',
    rotate: 'azure-other-key',
    signature: 'AIoT',
    sizeBytes: 32,
    seeds: { IoTHub00: 'an IoT hub key', Device00: 'a device key', DpsKey00: 'a provisioning key' },
  }),
  {
    ...shared,
    reach: 'near',
    id: 'azure-common-key',
    title: 'Azure key (common annotated format)',
    severity: 'critical',
    attack: 'Opens the service whose mark it carries: Azure DevOps, AI services, App Configuration and others.',
    rotate: 'azure-other-key',
    docs: 'https://github.com/microsoft/security-utilities',
    anchors: [{ text: 'JQQJ9' }],
    pattern:
      /(?<![A-Za-z0-9+/_-])(?<secret>[A-Za-z0-9]{52}JQQJ9[9DH][A-Z][A-L][A-Za-z0-9]{16}[A-Za-z]{4}[A-Za-z0-9]{4}(?:[A-Za-z0-9]{2}==)?)(?![A-Za-z0-9+/_-])/,
    judge: judgeCask,
    examples: [(make) => `AZURE_DEVOPS_EXT_PAT=${azureMaker(make).cask('AZDO')}`],
    nearMisses: [(make) => `key=${azureMaker(make).cask('AZDO').slice(1)}`],
  },
  {
    ...shared,
    reach: 'near',
    id: 'azure-entra-client-secret',
    title: 'Microsoft Entra client secret',
    severity: 'critical',
    attack: 'Signs in as the application, in every tenant where it has rights.',
    rotate: 'azure-entra-client-secret',
    docs: 'https://learn.microsoft.com/en-us/entra/identity-platform/quickstart-register-app',
    // Three bytes, but `Q~` is rare: 7Q~ and 8Q~ stand in no text that was counted.
    anchors: [{ text: '8Q~' }, { text: '7Q~' }],
    pattern: /(?<![A-Za-z0-9_~.-])(?<secret>[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34})(?![A-Za-z0-9_~.-])/,
    judge: (match) => {
      if (match.secret[3] === '8' && hasEntraChecksum(match.secret)) {
        return because('checksum', 'confirmed', 'The checksum inside the secret is right.');
      }
      return byShape()({ ...match, secret: match.secret.slice(6) });
    },
    examples: [
      (make) => `clientSecret: "${azureMaker(make).entra()}"`,
      (make) => `x = '${make.base62(3)}7Q~${make.base62(31)}'`,
    ],
    nearMisses: [(make) => `x = '${make.base62(3)}8Q~${'x'.repeat(34)}'`, (make) => `x = 'a8Q~${make.base62(34)}'`],
  },
  {
    ...shared,
    reach: 'near',
    id: 'azure-storage-connection-key',
    title: 'Azure account key in a connection string',
    category: 'connection-string',
    severity: 'critical',
    attack: 'Reads, changes and deletes all data of the account.',
    rotate: 'azure-storage-key',
    docs: 'https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string',
    anchors: [{ text: 'AccountKey=', ignoreCase: true }],
    pattern: /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])/i,
    judge: (match) => {
      // The emulator's key stands in every documentation; its first characters are enough to know it.
      if (/devstoreaccount1/.test(match.before) || match.secret.startsWith('Eby8vdM02x')) {
        return because('documented-example', 'inert', 'The key of the storage emulator, the same on every machine.');
      }
      return byShape()(match);
    },
    examples: [(make) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${make.base62(86)}==`],
    nearMisses: [
      (make) => `AccountName=devstoreaccount1;AccountKey=${make.base62(86)}==`,
      (make) => `AccountKey=${make.base62(40)}`,
    ],
  },
  {
    ...shared,
    reach: 'near',
    id: 'azure-shared-access-key',
    title: 'Azure shared access key in a connection string',
    category: 'connection-string',
    severity: 'critical',
    attack: 'Sends, receives or manages, as far as the named policy goes.',
    rotate: 'azure-other-key',
    docs: 'https://learn.microsoft.com/en-us/azure/service-bus-messaging/service-bus-sas',
    anchors: [{ text: 'SharedAccessKey=', ignoreCase: true }],
    pattern: /SharedAccessKey=(?<secret>[A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])/i,
    judge: byShape(),
    examples: [
      (make) => `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=${make.base62(43)}=`,
    ],
    nearMisses: [(make) => `SharedAccessKey=${make.base62(20)}`],
  },
  {
    ...shared,
    reach: 'near',
    id: 'azure-sas-token',
    title: 'Azure shared access signature',
    severity: 'high',
    attack: 'Reads or writes the storage that it names, until the time that stands in it.',
    rotate: 'azure-sas-token',
    docs: 'https://learn.microsoft.com/en-us/azure/storage/common/storage-sas-overview',
    anchors: [{ text: '&sig=' }, { text: '?sig=' }, { text: ';sig=' }],
    pattern: /[?&;]sig=(?<secret>(?:[A-Za-z0-9+/]|%[0-9A-Fa-f]{2}){43,86}(?:=|%3[dD]))(?![A-Za-z0-9+/=%])/,
    judge: (match) => {
      const query = `${match.before.slice(-220)}sig=${match.after.slice(0, 220)}`;
      if (!/[?&;]s[vprest]=/.test(query)) return null;
      const shape = byShape()(match);
      const until = /[?&;]se=(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::|%3[aA])(\d\d))?/.exec(query);
      if (shape === null || until === null) return shape;
      return { ...shape, expires: `${until[1]}T${until[2] ?? '00'}:${until[3] ?? '00'}:00Z` };
    },
    examples: [
      (make) =>
        `https://a.blob.core.windows.net/c?sv=2022-11-02&se=2030-01-01T00%3A00%3A00Z&sp=rw&sig=${make.base62(43)}%3D`,
    ],
    nearMisses: [
      (make) => `https://a.test/?a=1&sig=${make.base62(43)}%3D`,
      () => 'https://a.test/?sv=2022-11-02&sig=abc',
    ],
  },
  named({
    ...shared,
    id: 'azure-devops-pat-legacy',
    provider: 'Microsoft',
    title: 'Azure DevOps access token (52 characters)',
    category: 'vcs',
    severity: 'critical',
    attack: 'Reads and changes repositories, pipelines and packages as the user.',
    rotate: 'azure-devops-pat',
    docs: 'https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
    names: ['azure_devops', 'system_accesstoken', 'azure_pat', 'ado_pat', 'ado_token', 'vsts', 'azdo'],
    body: {
      source: '[a-z2-7]{52}',
      end: 'A-Za-z0-9_',
      make: (make) => azureMaker(make).devops(),
    },
    judge: bySilentChecksum(hasDevopsChecksum),
  }),
];
