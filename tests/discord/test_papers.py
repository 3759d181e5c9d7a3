"""Commands about papers, as people use them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from bot.storage.notes import KEEP
from bot.ui.papers import GONE, TOO_OLD
from bot.ui.results import SYNTAX
from bot.ui.sharing import NO_SHARE
from tests.world import World, answer, controls, labels, parts, silent, words

if TYPE_CHECKING:
    from pathlib import Path

    from simcord import ChannelHandle, ResponseMessage

WAVE = "Music Source Separation in the Waveform Domain"
WAVE_ID = "music-source-separation-in-the-waveform-domain"
LINK = re.compile(r"(?<!\\)\[[^\]]*(?<!\\)\]\(")


async def search(world: World, query: str, **options: object) -> ResponseMessage:
    result = await world.member.slash(world.channel, "search", query=query, **options)
    assert result.ephemeral
    return answer(result)


async def ingest(world: World, folder: Path, *records: dict[str, object]) -> None:
    file = folder / "more.jsonl"
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    report = await world.app.library.ingest([file], datetime.now(UTC))
    assert report.added == len(records)


def quiet_channel(world: World) -> ChannelHandle:
    """Return a channel that its members may only read."""
    locked = discord.PermissionOverwrite(send_messages=False, send_messages_in_threads=False)
    return world.guild.create_text_channel("announcements", overwrites={world.guild.default_role: locked})


def titles(message: ResponseMessage) -> list[str]:
    return re.findall(r"^\*\*\d+\. \[?(.+?)(?:\]\(.*\))?\*\*$", words(message), re.MULTILINE)


async def test_search_answers_privately_with_the_best_papers_first(world: World) -> None:
    shown = await search(world, "music source separation")
    assert words(shown).startswith("### music source separation\n-# 26 papers · page 1 of 6\n")
    assert titles(shown)[:3] == [
        WAVE,
        "Universal Source Separation with Weakly Labelled Data",
        "Weakly-supervised Audio Separation via Bi-modal Semantic Similarity",
    ]
    assert labels(shown) == ["Abstract", "🔖 Save", "♥ Like"] * 5 + ["Previous", "Next", "Share"]
    assert [message for message in world.channel.history() if not message.flags.ephemeral] == []
    assert silent(world.env)


async def test_search_sets_the_words_that_matched_in_bold(world: World) -> None:
    shown = words(await search(world, "separating music"))
    assert "**Source" not in shown
    assert "**separating** a wide variety" in shown
    assert "source **separation**" in shown


async def test_search_filters_by_day_and_by_code(world: World, tmp_path: Path) -> None:
    await ingest(
        world,
        tmp_path,
        {"title": "Zebra networks", "abstract": "Zebra stripes. Code: https://github.com/z/a", "date": "2024-05-01"},
        {"title": "Zebra forests", "abstract": "Zebra trees.", "date": "2023-12-31"},
        {"title": "Zebra deserts", "abstract": "Zebra sand, code at https://github.com/z/b"},
    )
    assert set(titles(await search(world, "zebra"))) == {"Zebra networks", "Zebra forests", "Zebra deserts"}
    shown = await search(world, "zebra", since="2024")
    assert titles(shown) == ["Zebra networks"]
    assert "-# 1 paper · page 1 of 1 · since 2024-01-01\n" in words(shown)
    shown = await search(world, "zebra", code=True)
    assert set(titles(shown)) == {"Zebra networks", "Zebra deserts"}
    assert "· with code" in words(shown)
    shown = await search(world, "zebra", since="2024-05-02", code=True)
    assert words(shown) == (
        "No paper here mentions “zebra” with these filters: since 2024-05-02 · with code. "
        f"Try fewer or more common words.\n-# {SYNTAX}"
    )


ZEBRAS: list[dict[str, object]] = [
    {"title": "Zebra stripes", "abstract": "Stripes of zebras.", "date": "2024-01-05", "upvotes": 7},
    {
        "title": "Zebra herds zebra",
        "abstract": "Zebra zebra.",
        "date": "2024-02-29",
        "authors": ["Ada de la Cruz", "Bo Li"],
    },
    {
        "title": "Zebra crossings",
        "abstract": "A zebra crosses.",
        "date": "2025-06-30",
        "upvotes": 120,
        "authors": ["Bo Xu"],
    },
    {"title": "Zebra dust", "abstract": "No year at all for this zebra.", "upvotes": 12},
]


@pytest.mark.parametrize(
    ("options", "found", "said"),
    [
        ({"since": "2024-02", "until": "2024-02"}, {"herds"}, "since 2024-02-01 · until 2024-02-29"),
        ({"until": "2024"}, {"stripes", "herds"}, "until 2024-12-31"),
        ({"votes": 12}, {"crossings", "dust"}, "▲ 12 or more"),
        ({"author": "bo"}, {"herds", "crossings"}, "by bo"),
        ({"author": "Ada Cruz"}, {"herds"}, "by Ada Cruz"),
        ({"source": "file"}, {"stripes", "herds", "crossings", "dust"}, "from file"),
        ({"author": "Bo", "votes": 100, "since": "2025"}, {"crossings"}, "since 2025-01-01 · ▲ 100 or more · by Bo"),
    ],
)
async def test_search_filters(
    world: World, tmp_path: Path, options: dict[str, object], found: set[str], said: str
) -> None:
    await ingest(world, tmp_path, *ZEBRAS)
    shown = await search(world, "zebra", **options)
    assert {title.split()[1] for title in titles(shown)} == found
    assert f"page 1 of 1 · {said}\n" in words(shown)


@pytest.mark.parametrize(
    ("order", "first", "said"),
    [
        ("relevance", ["herds"], "page 1 of 1\n"),
        ("date", ["crossings", "herds", "stripes", "dust"], "page 1 of 1 · newest first\n"),
        ("votes", ["crossings", "dust", "stripes", "herds"], "page 1 of 1 · most votes first\n"),
    ],
)
async def test_search_shows_papers_in_the_order_asked_for(
    world: World, tmp_path: Path, order: str, first: list[str], said: str
) -> None:
    await ingest(world, tmp_path, *ZEBRAS)
    shown = await search(world, "zebra", order=order)
    assert [title.split()[1] for title in titles(shown)][: len(first)] == first
    assert said in words(shown)


async def test_search_understands_phrases_exclusions_and_fields(world: World, tmp_path: Path) -> None:
    await ingest(world, tmp_path, *ZEBRAS)
    assert titles(await search(world, '"zebra crosses"')) == ["Zebra crossings"]
    assert set(titles(await search(world, "zebra -dust -herds"))) == {"Zebra stripes", "Zebra crossings"}
    assert titles(await search(world, "zebra title:dust")) == ["Zebra dust"]
    assert titles(await search(world, 'zebra author:"bo xu"')) == ["Zebra crossings"]
    assert set(titles(await search(world, "author:bo"))) == {"Zebra herds zebra", "Zebra crossings"}
    shown = words(await search(world, '"crosses zebra" author:bo'))
    assert "No paper here has “crosses zebra” word for word; showing what has its words.\n" in shown
    shown = words(await search(world, "zebra author:smith -gnus"))
    assert shown == (
        "No paper here has “smith” where you look for it.\n"
        "No paper here has “gnus”: leaving it out changes nothing.\n"
        "No paper here is all that “zebra author:smith -gnus” asks for. Try fewer or more common words.\n"
        f"-# {SYNTAX}"
    )
    shown = words(await search(world, "-zebra"))
    assert shown == "“-zebra” only says what to leave out. Add a word to look for."


async def test_filters_hold_on_every_page_and_after_a_restart(world: World) -> None:
    first = await search(world, "neural", order="date", source="seed")
    shown = set(titles(first))
    await world.restart()
    second = answer(await world.member.click(first, label="Next"))
    assert "· from seed · newest first\n" in words(second)
    assert not shown & set(titles(second))


async def test_a_search_kept_by_an_older_version_still_opens(world: World) -> None:
    found = await search(world, "music source separation")
    async with world.app.notes._database.transaction() as writer:
        old = json.dumps({"query": "music source separation", "since": None, "code": False})
        await writer.rows("UPDATE searches SET query = ?", (old,))
    assert "page 2 of 6" in words(answer(await world.member.click(found, label="Next")))
    async with world.app.notes._database.transaction() as writer:
        newer = {"query": "music", "since": "2020-01-01", "code": True, "order": "by colour", "moon": "full"}
        await writer.rows("UPDATE searches SET query = ?", (json.dumps(newer),))
    shown = words(answer(await world.member.click(found, label="Next")))
    assert "with these filters: since 2020-01-01 · with code" in shown


async def test_a_slip_of_the_pen_is_put_right_and_said(world: World) -> None:
    shown = await search(world, "muisc source separaton")
    assert titles(shown)[0] == WAVE
    assert words(shown).startswith(
        "### muisc source separaton\n"
        "Nothing here mentions *muisc*, *separaton*; showing results for *music source separation*.\n-# 26 papers · "
    )
    assert "**separation**" in words(shown)
    shown = await search(world, "separaton")
    assert "Nothing here mentions *separaton*; showing results for *separation*.\n" in words(shown)
    shown = await search(world, "**muisc** <@1>")
    assert "\\*\\*muisc\\*\\* \\<@" in words(shown)
    assert "Nothing here mentions *muisc*" in words(shown)
    assert silent(world.env)


@pytest.mark.parametrize("shared", [False, True])
async def test_a_rare_word_is_taken_at_its_word_and_its_neighbour_offered(
    world: World, tmp_path: Path, shared: bool
) -> None:
    await ingest(
        world,
        tmp_path,
        {"title": "Transfomer models", "abstract": "The transfomer."},
        *[dict[str, object](title=f"Transformer {n}", abstract="The transformer.") for n in range(60)],
    )
    shown = await search(world, "transfomer", source="file")
    assert titles(shown) == ["Transfomer models"]
    assert "### transfomer\nDid you mean *transformer*?\n-# 1 paper" in words(shown)
    assert labels(shown)[-2:] == ["Did you mean: transformer", "Share"]
    if shared:
        shown = (await world.member.click(shown, label="Share")).followups[0]
    await world.restart()
    meant = (
        await world.admin.click(shown, label="Did you mean: transformer")
        if shared
        else (await world.member.click(shown, label="Did you mean: transformer"))
    )
    assert (answer(meant).id == shown.id) is not shared
    assert words(answer(meant)).startswith("### transformer\n-# 50 best papers · page 1 of 10 · from file\n")
    assert silent(world.env)


@pytest.mark.parametrize(("since", "until"), [("2024-05", "2024-04"), ("2024-05-02", "2024-05-01"), ("2025", "2024")])
async def test_search_says_when_no_day_is_left(world: World, since: str, until: str) -> None:
    shown = words(await search(world, "music", since=since, until=until))
    assert re.fullmatch(r"No day is both since [\d-]{10} and until [\d-]{10}\. Swap the two\.", shown)


async def test_a_source_is_chosen_from_those_that_are_here(world: World, tmp_path: Path) -> None:
    assert await world.member.autocomplete(world.channel, "search", "source", "") == [{"name": "seed", "value": "seed"}]
    await ingest(world, tmp_path, *ZEBRAS)
    choices = await world.member.autocomplete(world.channel, "search", "source", "FI")
    assert choices == [{"name": "file", "value": "file"}]
    shown = words(await search(world, "zebra", source="**x** @everyone"))
    assert shown.startswith(
        "I have no papers from “\\*\\*x\\*\\* @\u200beveryone”. I have papers from: `seed`, `file`."
    )


@pytest.mark.parametrize("day", ["yesterday", "2024-13", "2024-02-30", "-2024", "20240501", "**2024**"])
@pytest.mark.parametrize("option", ["since", "until"])
async def test_search_says_how_to_write_a_day(world: World, option: str, day: str) -> None:
    shown = words(await search(world, "music", **{option: day}))
    assert shown.endswith("Write it like `2024-05-01`, `2024-05` or `2024`.")
    assert "**" not in shown.replace("\\*\\*", "")


async def test_search_without_a_result_says_so(world: World) -> None:
    shown = await search(world, "zzxqy")
    assert words(shown) == f"No paper here mentions “zzxqy”. Try fewer or more common words.\n-# {SYNTAX}"
    assert labels(shown) == []


@pytest.mark.parametrize("query", ["the of and", "find papers", "🎵", "?!…", "**"])
async def test_search_for_nothing_in_particular_asks_for_a_topic(world: World, query: str) -> None:
    shown = words(await search(world, query))
    assert shown.endswith("has no word I can search for. Try a topic, a method or a name.")


async def test_search_takes_what_discord_lets_people_type(world: World, tmp_path: Path) -> None:
    await ingest(world, tmp_path, {"title": "音乐分离", "abstract": "我们研究音乐分离的深度学习模型。"})
    shown = await search(world, ("music source separation " * 200)[:4000])
    assert titles(shown)[0] == WAVE
    assert titles(await search(world, "音乐")) == ["音乐分离"]
    assert titles(await search(world, "🎵 music source separation 🎵"))[0] == WAVE
    assert "No paper here" in words(await search(world, "量子"))
    assert "has no word" in words(await search(world, "\\" * 4000))


@pytest.mark.parametrize(
    "query",
    [
        "@everyone music",
        "<@1> <@&2> <#3> </search:4> music",
        "[music](https://evil.example)",
        "**music** _music_ ~~music~~ ||music|| `music`",
        "```music```",
        "# music",
        "> music",
        "<t:1:R> <:music:5> music",
        "music\n# big\n- list\n1. list",
    ],
)
async def test_markup_in_a_query_stays_text_and_pings_nobody(world: World, query: str) -> None:
    for asked in (query, query.replace("music", "zzxqy")):
        message = await search(world, asked)
        shown = words(message)
        bare = re.sub(r"\\.", "", shown.split("\n-# ")[0].removeprefix("### "))
        assert not re.search(r"@(?!\u200b)|[<>*_~|`]|^\s*#|^-# ", bare, re.MULTILINE)
        assert not LINK.search(shown.split("\n-# ")[0])
        assert message.message.mentions == []
    assert silent(world.env)


async def test_markup_in_a_paper_stays_text(world: World, tmp_path: Path) -> None:
    hostile = "Zebra @everyone <@1> **bold** [click](https://evil.example) `code` ||spoiler|| # big"
    await ingest(world, tmp_path, {"title": hostile, "abstract": f"{hostile}. {hostile}."})
    shown = await search(world, "zebra")
    card = answer(await world.member.click(shown, label="Abstract"))
    for message in (shown, card):
        bare = re.sub(r"\\.", "", words(message)).replace("**Zebra**", "").replace("**1. ", "")
        assert "@everyone" not in bare
        assert "<" not in bare
        assert "||" not in bare
        assert "`" not in bare
        assert not LINK.search(words(message).replace("[look up](", ""))


async def test_pages_turn_in_place(world: World) -> None:
    first = await search(world, "music source separation")
    second = await world.member.click(first, label="Next")
    assert answer(second).id == first.id
    assert "page 2 of 6" in words(answer(second))
    assert words(answer(second)).count("**6. ") == 1
    back = await world.member.click(answer(second), label="Previous")
    assert "page 1 of 6" in words(answer(back))
    previous, following = controls(answer(back))[15:17]
    assert previous.disabled
    assert not following.disabled
    last = answer(back)
    for _ in range(5):
        last = answer(await world.member.click(last, label="Next"))
    assert "page 6 of 6" in words(last)
    assert controls(last)[-2].disabled


@pytest.mark.parametrize("restarted", [False, True])
async def test_every_button_works_also_after_a_restart(world: World, restarted: bool) -> None:
    found = await search(world, "music source separation")
    card = answer(await world.member.slash(world.channel, "paper", title=WAVE))
    if restarted:
        await world.restart()
    abstract = await world.member.click(found, custom_id=f"do:abstract:{WAVE_ID}")
    assert abstract.ephemeral
    assert words(answer(abstract)).startswith(f"### {WAVE}\n-# listed Mar 11 · [look up](")
    assert "Source separation for music is the task of isolating contributions" in words(answer(abstract))
    assert labels(answer(abstract))[:2] == ["Similar", "Share"]
    like = await world.member.click(card, label="Similar")
    assert like.ephemeral
    assert words(answer(like)).startswith(f"### Like “{WAVE}”\n")
    assert titles(answer(like))[0] == "Universal Source Separation with Weakly Labelled Data"
    assert labels(answer(like)) == ["Abstract"] * 5
    again = await world.member.click(answer(like), custom_id="do:abstract:" + _ids(answer(like))[0])
    assert "Universal Source Separation" in words(answer(again))
    turned = await world.member.click(found, label="Next")
    assert "page 2 of 6" in words(answer(turned))
    shared = await world.member.click(answer(turned), label="Share")
    public = shared.followups[0]
    assert not public.ephemeral
    assert "page 2 of 6 · shared by ben" in words(public)
    shared = await world.member.click(card, label="Share")
    assert f"### {WAVE}" in words(shared.followups[0])
    assert "shared by ben" in words(shared.followups[0])
    assert silent(world.env)


def _ids(message: ResponseMessage) -> list[str]:
    made = [part.get("custom_id", "") for part in parts(message)]
    return [name.removeprefix("do:abstract:") for name in made if name.startswith("do:abstract:")]


async def test_sharing_posts_publicly_once(world: World) -> None:
    found = await search(world, "music source separation")
    shared = await world.member.click(found, label="Share")
    assert "· shared\n" in words(answer(shared))
    assert "Share" not in labels(answer(shared))
    assert [message.id for message in world.channel.history(viewer=world.admin)] == [shared.followups[0].id]
    assert "· shared by ben\n" in words(shared.followups[0])
    assert "Share" not in labels(shared.followups[0])


async def test_a_name_in_a_shared_message_is_text(world: World) -> None:
    eve = world.guild.add_member(world.env.create_user("eve", global_name="**@everyone** [x](https://e.x)"))
    found = answer(await eve.slash(world.channel, "paper", title=WAVE))
    shared = await eve.click(found, label="Share")
    assert "shared by \\*\\*@\u200beveryone\\*\\* \\[x\\]" in words(shared.followups[0])
    assert silent(world.env)


async def test_a_shared_page_turned_by_somebody_else_answers_them_privately(world: World) -> None:
    shared = await world.member.click(await search(world, "music source separation"), label="Share")
    public = shared.followups[0]
    turned = await world.admin.click(public, label="Next")
    assert turned.ephemeral
    assert answer(turned).id != public.id
    assert "page 2 of 6" in words(answer(turned))
    assert "Share" in labels(answer(turned))
    assert "page 1 of 6" in words(public)
    read = await world.admin.click(public, custom_id=f"do:abstract:{WAVE_ID}")
    assert read.ephemeral


async def test_who_may_not_write_in_a_channel_cannot_share_there(world: World) -> None:
    channel = quiet_channel(world)
    found = answer(await world.member.slash(channel, "search", query="music source separation"))
    assert titles(found)[0] == WAVE
    refused = await world.member.click(found, label="Share")
    assert refused.ephemeral
    assert words(answer(refused)) == NO_SHARE
    card = answer(await world.member.click(found, custom_id=f"do:abstract:{WAVE_ID}"))
    assert words(answer(await world.member.click(card, label="Share"))) == NO_SHARE
    assert channel.history(viewer=world.admin) == []


async def test_admins_use_the_same_commands(world: World) -> None:
    found = await world.admin.slash(world.channel, "search", query="music source separation")
    assert found.ephemeral
    assert titles(answer(found))[0] == WAVE
    assert (await world.admin.slash(world.channel, "paper", title=WAVE)).ephemeral
    assert (await world.admin.slash(world.channel, "similar", title=WAVE)).ephemeral


async def test_in_a_dm_everything_works_but_sharing(world: World) -> None:
    ben = world.member.user
    assert set(ben.available_commands()) >= {"search", "paper", "similar", "help", "about"}
    assert not any(name.startswith("roundup") for name in ben.available_commands())
    found = answer(await ben.slash("search", query="music source separation"))
    assert labels(found) == ["Abstract", "🔖 Save", "♥ Like"] * 5 + ["Previous", "Next"]
    turned = await ben.click(found, label="Next")
    assert "page 2 of 6" in words(answer(turned))
    card = answer(await ben.click(found, custom_id=f"do:abstract:{_ids(answer(turned))[0]}"))
    assert "Share" not in labels(card)
    like = answer(await ben.click(card, label="Similar"))
    assert len(titles(like)) == 5
    assert words(answer(await ben.slash("paper", title="waveform"))).startswith(f"### {WAVE}\n")


async def test_a_forgotten_search_says_how_to_go_on(world: World) -> None:
    found = await search(world, "music source separation")
    await world.app.notes.keep_search({}, 1, world.env.now() + KEEP + timedelta(days=1))
    for label in ("Next", "Share"):
        late = await world.member.click(found, label=label)
        assert late.ephemeral
        assert words(answer(late)) == TOO_OLD


async def test_a_paper_that_is_gone_says_so(world: World) -> None:
    found = await search(world, "music source separation")
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("DELETE FROM papers WHERE id = ?", (WAVE_ID,))
    late = await world.member.click(found, custom_id=f"do:abstract:{WAVE_ID}")
    assert words(answer(late)) == GONE


async def test_paper_is_found_by_choice_part_title_and_case(world: World) -> None:
    choices = await world.member.autocomplete(world.channel, "paper", "title", "waveform")
    assert choices[0] == {"name": WAVE, "value": WAVE_ID}
    for title in (WAVE_ID, WAVE, WAVE.upper(), "music source sep", "  waveform   domain "):
        result = await world.member.slash(world.channel, "paper", title=title)
        assert result.ephemeral
        assert words(answer(result)).startswith(f"### {WAVE}\n"), title


async def test_paper_shows_links_found_in_its_abstract(world: World) -> None:
    shown = answer(await world.member.slash(world.channel, "paper", title="Universal Source Separation"))
    urls = [part["url"] for part in parts(shown) if part.get("url")]
    assert "https://github.com/bytedance/uss" in urls
    assert "[code](https://github.com/bytedance/uss)" in words(shown)


@pytest.mark.parametrize(
    "title", ["https://arxiv.org/abs/2401.99999v2", "arXiv:2401.99999", "zzxqy", "@everyone [x](y)"]
)
async def test_a_paper_that_is_not_here_is_refused_kindly(world: World, title: str) -> None:
    for command in ("paper", "similar"):
        result = await world.member.slash(world.channel, command, title=title)
        assert result.ephemeral
        assert words(answer(result)).startswith("I have no paper called “")
        assert not LINK.search(words(answer(result)))
    assert silent(world.env)


async def test_similar_lists_papers_like_one_and_what_they_share(world: World) -> None:
    result = await world.member.slash(world.channel, "similar", title=WAVE)
    assert result.ephemeral
    shown = words(answer(result))
    assert shown.startswith(f"### Like “{WAVE}”\n")
    assert WAVE not in titles(answer(result))
    assert len(titles(answer(result))) == 5
    assert shown.count("-# shares: ") == 5


async def test_similar_says_when_there_is_none(world: World, tmp_path: Path) -> None:
    await ingest(world, tmp_path, {"title": "Zzxqy", "abstract": "Qqwv."})
    shown = answer(await world.member.slash(world.channel, "similar", title="Zzxqy"))
    assert words(shown) == "### Like “Zzxqy”\nNo other paper here shares its telling words."


@pytest.mark.parametrize("typed", ["", "a", "the", "music", "zzxqy", "é", "音", "🎵", "[x](y) " * 50, "x" * 400])
async def test_autocomplete_keeps_discords_limits(world: World, tmp_path: Path, typed: str) -> None:
    await ingest(world, tmp_path, {"title": "Music 音 " + "long " * 190, "abstract": "Words."})
    for command in ("paper", "similar"):
        choices = await world.member.autocomplete(world.channel, command, "title", typed)
        assert len(choices) <= 25
        assert all(1 <= len(choice["name"]) <= 100 and 1 <= len(choice["value"]) <= 100 for choice in choices)
        assert len({choice["value"] for choice in choices}) == len(choices)
        if not typed:
            assert len(choices) == 25


async def test_commands_are_sent_once_and_not_again_when_unchanged(world: World) -> None:
    def synced() -> int:
        return sum(
            request.method == "PUT" and request.path.endswith("/commands") for request in world.env.http_requests
        )

    assert synced() == 1
    await world.restart()
    assert synced() == 1
    await world.app.notes.put("commands", "of another version")
    await world.restart()
    assert synced() == 2
