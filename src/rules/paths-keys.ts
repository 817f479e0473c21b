import { hints, leaks } from './paths-row.ts';
import type { PathRule } from './rule.ts';

const sshNames = '{id_rsa,id_dsa,id_ecdsa,id_ed25519,id_xmss,id_ecdsa_sk,id_ed25519_sk,identity}';
const tlsNames =
  '{privkey,privkey[0-9]*,server,client,tls,ssl,ca,root,intermediate,site,wildcard,localhost,domain,host}';

/** Keys, certificates and key stores. */
// biome-ignore format: a table, one rule a row
export const keyPaths: readonly PathRule[] = [
  ...leaks([
    ['file-pem', 'high', 'pem', 'tls-private-key', 'private key or certificate', ['*.pem'], ['certs/api.pem']],
    ['file-key', 'high', 'pem', 'tls-private-key', 'private key', ['*.key'], ['deploy/site.key']],
    ['file-tls-key', 'high', 'pem', 'tls-private-key', 'TLS or CA private key', [`${tlsNames}{.key,.pem,-key.pem,_key.pem}`], ['tls/server-key.pem', 'privkey1.pem']],
    ['file-named-private-key', 'high', 'pem', 'tls-private-key', 'private key', ['*{-key,_key,.private,-private,_priv}.{pem,txt,asc}'], ['api_key.pem', 'release-private.asc']],
    ['file-pkcs8', 'high', 'pem', 'code-signing-key', 'PKCS#8 private key', ['*.{p8,pk8}'], ['release.pk8']],
    ['file-apple-key', 'critical', 'pem', 'code-signing-key', 'Apple API or push key', ['AuthKey_*.p8'], ['ios/AuthKey_ABC123.p8']],
    ['file-pkcs12', 'high', 'pkcs12', 'tls-private-key', 'PKCS#12 key store', ['*.{p12,pfx,pkcs12}'], ['client.p12', 'win/site.pfx']],
    ['file-java-keystore', 'high', 'jks', 'code-signing-key', 'Java key store', ['*.{jks,keystore,jceks,truststore,bks,bcfks,uber}'], ['app/release.jks', 'upload.keystore']],
    ['file-microsoft-key', 'medium', 'opaque', 'code-signing-key', 'Microsoft private key or strong-name pair', ['*.{pvk,snk}'], ['src/sign.snk']],
    ['file-ca-root-key', 'critical', 'pem', 'private-ca-key', 'private key of a certificate authority', ['rootCA-key.pem', '**/pki/private/*.key'], ['rootCA-key.pem', 'vpn/pki/private/ca.key']],
    ['file-acme', 'critical', 'auto', 'tls-private-key', 'ACME account and certificate keys', ['**/{letsencrypt,certbot}/**/{privkey*.pem,private_key.json}', 'acme.json'], ['etc/letsencrypt/live/a/privkey1.pem', 'traefik/acme.json']],
    ['file-tor-key', 'high', 'opaque', 'tls-private-key', 'Tor onion service key', ['hs_ed25519_secret_key', '*.auth_private'], ['tor/hs_ed25519_secret_key']],
    ['file-dnssec-key', 'high', 'properties', 'data-encryption-key', 'DNSSEC private key', ['K*.+[0-9][0-9][0-9]+[0-9][0-9][0-9][0-9][0-9].private'], ['Kexample.com.+013+12345.private']],
    ['file-bind-key', 'high', 'properties', 'data-encryption-key', 'BIND control or TSIG key', ['rndc.key', '*.tsig'], ['etc/rndc.key']],
    ['file-jwk', 'medium', 'json', 'jwt-signing-secret', 'JSON Web Key', ['*.{jwk,jwks}'], ['auth.jwk']],
    ['file-kerberos', 'high', 'opaque', 'generic-password', 'Kerberos key table or tickets', ['*.{keytab,ktab}', 'krb5cc_*'], ['http.keytab', 'krb5cc_1000']],
    ['file-ssh-key', 'high', 'pem', 'ssh-private-key', 'SSH private key', [`${sshNames}{,.bak,.old,.key,.pem}`, '*{_rsa,_dsa,_ecdsa,_ed25519}', 'ssh_host_*_key'], ['.ssh/id_rsa', 'id_ed25519.bak', 'deploy_rsa', 'ssh_host_rsa_key']],
    ['file-putty-key', 'high', 'pem', 'ssh-private-key', 'PuTTY private key', ['*.ppk'], ['win/me.ppk']],
    ['file-ssh-folder', 'medium', 'auto', 'ssh-private-key', 'file of an SSH folder', ['**/.ssh/**'], ['home/.ssh/work']],
    ['file-deploy-key', 'high', 'pem', 'github-deploy-key', 'deploy key', ['{deploy_key,deploykey,deploy.key,travis_rsa,travis_key,github_key,gitlab_key}{,.enc,.pem}'], ['.travis/deploy_key', 'deploy_key.enc']],
    ['file-pgp-secret', 'high', 'pem', 'pgp-private-key', 'PGP secret key', ['secring.{gpg,pgp}', 'private*.asc', '*{secret,private}*.asc', '*.sec.asc'], ['secring.gpg', 'my-secret-key.asc']],
    ['file-gnupg-folder', 'high', 'opaque', 'pgp-private-key', 'file of a GnuPG home', ['**/{.gnupg,private-keys-v1.d}/**'], ['home/.gnupg/private-keys-v1.d/A.key']],
    ['file-git-crypt-key', 'critical', 'opaque', 'data-encryption-key', 'exported git-crypt key', ['git-crypt{-key,.key}', '*.gitcrypt'], ['git-crypt-key']],
    ['file-openvpn', 'high', 'pem', 'vpn-config', 'OpenVPN profile', ['*.{ovpn,tblk}'], ['office.ovpn']],
    ['file-wireguard', 'high', 'ini', 'vpn-config', 'WireGuard configuration', ['{wg[0-9]*,wireguard*}.conf'], ['etc/wg0.conf']],
    ['file-vagrant-key', 'medium', 'pem', 'ssh-private-key', 'Vagrant machine key', ['**/.vagrant/**/private_key'], ['.vagrant/machines/a/private_key']],
    ['file-chef-key', 'high', 'auto', 'ssh-private-key', 'Chef key', ['**/.chef/**', '*-validator.pem', 'validation.pem', 'encrypted_data_bag_secret'], ['.chef/me.pem', 'acme-validator.pem']],
    ['file-eyaml-key', 'critical', 'pem', 'data-encryption-key', 'hiera-eyaml private key', ['private_key.pkcs7.pem', '**/eyaml/**/private*'], ['keys/private_key.pkcs7.pem']],
    ['file-bitlocker', 'high', 'opaque', 'data-encryption-key', 'BitLocker key', ['*.{bek,fve}'], ['usb/A.bek']],
  ]),
  ...hints([
    ['file-certificate', 'info', 'pem', 'tls-private-key', 'certificate', ['*.{crt,cer,der,ca-bundle,p7b,p7c,p7s,spc,csr,req,p10}'], ['certs/site.crt', 'site.csr']],
    ['file-trust-store', 'info', 'jks', 'tls-private-key', 'Java trust store', ['cacerts'], ['jre/lib/security/cacerts']],
    ['file-jwk-set', 'low', 'json', 'jwt-signing-secret', 'JSON Web Key set', ['{jwks,keys,oidc-keys,signing-key*}.json'], ['auth/jwks.json']],
    ['file-token-signing-key', 'high', 'pem', 'jwt-signing-secret', 'token signing key', ['{oauth-private,jwtRS256,jwt}.key', 'jwt{_private,-private*}.pem'], ['storage/oauth-private.key']],
    ['file-software-signing-key', 'high', 'pem', 'code-signing-key', 'software signing key', ['{cosign,minisign}.key', '*.{minisign,sec,sigkey}'], ['cosign.key']],
    ['file-pgp', 'info', 'pem', 'pgp-private-key', 'PGP data', ['*.{gpg,pgp,asc}'], ['backup.gpg']],
    ['file-age-identity', 'critical', 'properties', 'sops-age-key', 'age identity', ['keys.txt', '{age,age-key}.{key,txt}', '*.agekey', 'key.age'], ['keys.txt', 'age.key']],
    ['file-wifi', 'high', 'ini', 'generic-password', 'VPN and Wi-Fi secrets', ['ipsec.secrets', '*.nmconnection', '{chap,pap}-secrets', 'vpnc.conf', '{wpa_supplicant,hostapd}.conf'], ['etc/ipsec.secrets', 'wpa_supplicant.conf']],
    ['file-key-folder', 'info', 'pem', 'tls-private-key', 'file of a key folder', ['**/{private,keys,certs,ssl,tls,pki,keystore,vault}/**'], ['etc/ssl/private/site']],
    ['file-wallet', 'critical', 'auto', 'crypto-wallet-seed', 'cryptocurrency key', ['wallet.dat', '*.wallet', 'default_wallet', 'electrum*.dat', '**/keystore/UTC--*', 'UTC--*', '*.skey', '{priv_validator_key,node_key}.json', '*keypair*.json', '{mnemonic,seed}*.txt'], ['wallet.dat', 'a-keypair.json']],
  ]),
];
