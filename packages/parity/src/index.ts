/** Compares and explains how the same loss call differs between frameworks, versions and backends. */
export {};
