/**
 * What a user wrote down about scanning: `.unleak.json` or the file that `--config` names. Reads and checks it, strictly, so
 * that a typo is an error and not a scan with other settings. Knows what may be asked, not who asks nor what is done with
 * it. A config that comes with the scanned tree is untrusted: it has no key that does more than leave something out.
 */
export { type Config, ConfigError, emptyConfig, parseConfig } from './config.ts';
export { findTreeConfig, type LoadedConfig, readConfigFile } from './config-file.ts';
