"""Tables of the metrics room, in the analytics store, and how they are read.

Every event is kept as it came. The same one may be kept twice (a replay): the engine merges such
rows when it has time, and each query counts an id once.
"""

BEHAVIOUR = """
    create table if not exists behaviour (
        id UUID,
        type LowCardinality(String),
        at DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
        merchant_id UUID,
        show_id UUID,
        viewer_id UUID,
        session String,
        product_id UUID,
        value Float64,
        simulated Bool,
        props String codec(ZSTD(1))
    ) engine = ReplacingMergeTree
    partition by toYYYYMM(at) order by (show_id, at, id, merchant_id)
"""

FACT = """
    create table if not exists fact (
        id UUID,
        seq Int64,
        type LowCardinality(String),
        at DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
        merchant_id UUID,
        actor_id UUID,
        show_id UUID,
        payload String codec(ZSTD(1))
    ) engine = ReplacingMergeTree
    partition by toYYYYMM(at) order by (show_id, at, id, merchant_id)
"""

STORE = """
    create table if not exists store (id UUID) engine = MergeTree order by id
"""
"""One row: names this store, so that an empty one reads the streams from their start."""

TABLES = (STORE, BEHAVIOUR, FACT)

OF_SHOW = "show_id = {show:UUID} and merchant_id = {merchant:UUID}"

FEW = "settings max_block_size = 512"
"""Viewers at a time: the lists of a long show's heartbeats are large."""

_SIGNS = f"""
    select
        viewer_id,
        session,
        arraySort(groupArrayIf(ms, type != 'room.left')) as signs,
        arraySort(groupArrayIf(ms, type = 'room.left')) as lefts,
        arraySplit(
            (sign, before) -> sign - before > {{life:Int64}}
                or arrayExists(left -> left >= before and left < sign, lefts),
            signs, arrayPopBack(arrayPushFront(signs, signs[1]))
        ) as parts,
        arrayMap(part -> part[1], parts) as firsts,
        arrayMap(part -> part[-1], parts) as lasts,
        max(simulated) as simulated
    from (
        select viewer_id, session, type, simulated, toUnixTimestamp64Milli(at) as ms
        from behaviour
        where {OF_SHOW} and type in ('room.entered', 'room.heartbeat', 'room.left')
    )
    group by viewer_id, session
"""  # noqa: S608 nothing but constants is put in
"""Each socket's runs of signs of life and its goodbyes: the rule of `_rules`, in SQL."""

SOCKETS = f"select viewer_id, session, firsts, lasts, lefts, simulated from ({_SIGNS}) {FEW}"  # noqa: S608

DEEDS = f"""
    select id, type, at, viewer_id, product_id, value, simulated
    from behaviour
    where {OF_SHOW} and type not in ('room.heartbeat', 'room.left')
    order by at, id
    limit 1 by id
"""  # noqa: S608

FACTS = f"""
    select id, seq, type, at, payload
    from fact
    where {OF_SHOW}
    order by seq, id
    limit 1 by id
"""  # noqa: S608

LIKES = """
    select toInt64(sum(likes)) from (
        select any(round(value)) as likes from behaviour
        where show_id = {show:UUID} and type = 'chat.liked' group by id
    )
"""
