# What rules read and stand on, above all those whose jobs make several files each
# (planning/batches.py).


def of_clips(rule):
    """What the lists of the clips of each job of a rule stand on."""
    return lambda wildcards: PROJECT.fingerprints.listed(rule.members(wildcards))


def of_recordings(units_of):
    """What each job stands on that reads units; `units_of` returns them for its wildcards."""
    return lambda wildcards: PROJECT.fingerprints.each(units_of(wildcards))


def files_of_clips(rule):
    """What the clips are in that each job of a rule lists."""
    return lambda wildcards: pinned(PROJECT.batches.files_at(rule.members(wildcards)))


def files_of_recordings(units_of):
    """The lists of the clips of units, and what these are in; `units_of` as above."""
    batches = PROJECT.batches
    return {
        "indexes": lambda wildcards: batches.indexes_of(units_of(wildcards)),
        "corpus": lambda wildcards: pinned(batches.corpus_of(units_of(wildcards))),
    }


def pinned(files):
    """Files of the corpus as input; a receipt that is newer says the same."""
    return ancient(files) if files and PROJECT.corpus.pinned else files


def depends_on(wildcards):
    """What the clips of one machine and SNR depend on."""
    return pinned(PROJECT.corpus_files.files(wildcards))


def known_of(rule, ask):
    """What `ask` answers to what all that a job of a rule makes has in common."""
    return lambda wildcards: ask(rule.known(wildcards))


def files_of_sounds(rule):
    """What the stores of each job are made of: mixes where they are kept, else recordings."""
    if not PROJECT.corpus.keep_mixes:
        return files_of_recordings(rule.members)
    return {"audio": lambda wildcards: PROJECT.batches.mixes_of(rule, wildcards)}


def files_of_pools(rule):
    """What the manifests are made of that each job of a rule writes."""
    read_for = PROJECT.split_files.read_for
    return lambda wildcards: read_for(rule.known(wildcards), rule.members(wildcards))


def clips_of_pools(rule):
    """The same, pool by pool."""
    of_pools = PROJECT.split_files.of_pools
    return lambda wildcards: of_pools(rule.known(wildcards), rule.members(wildcards))


def of_pools(rule):
    """What these manifests stand on."""
    pools = PROJECT.fingerprints.pools
    return lambda wildcards: pools(rule.known(wildcards).protocol, rule.members(wildcards))
