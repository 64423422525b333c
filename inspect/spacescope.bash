# SPDX-License-Identifier: MIT
# bash completion for spacescope. The lists between the marks are made by inspect/refresh-docs.
# shellcheck shell=bash disable=SC2207

# begin words
_spacescope_commands='super groups cache diff validate tree rewrite undo tui explain'
_spacescope_trees='root extent chunk dev fs csum uuid quota block-group free-space log data-reloc'
_spacescope_options='--format --help --iec --quiet --raw --si --threads --verbose --version'
_spacescope_options_super='--allow-outside --ddrescue-map --device --format --help --iec --member --mirrors --offset --partition --quiet --raw --si --threads --unpack-limit --verbose --version'
_spacescope_options_groups='--allow-outside --ddrescue-map --device --format --help --iec --member --offset --partition --quiet --raw --si --threads --unpack-limit --verbose --version'
_spacescope_options_cache='--allow-outside --ddrescue-map --device --format --group --help --hex --iec --member --mirrors --offset --partition --quiet --raw --si --threads --unpack-limit --verbose --version'
_spacescope_options_diff='--allow-outside --ddrescue-map --device --format --group --help --iec --member --offset --partition --quiet --raw --si --threads --unpack-limit --verbose --version'
_spacescope_options_validate='--all-copies --allow-outside --ddrescue-map --device --format --help --iec --member --offset --partition --quiet --raw --si --threads --unpack-limit --verbose --version'
_spacescope_options_tree='--allow-outside --ddrescue-map --device --format --help --hex --iec --member --offset --partition --quiet --raw --root --si --threads --unpack-limit --verbose --version'
_spacescope_options_rewrite='--all --allow-outside --ddrescue-map --device --dry-run --enable-v1 --format --group --help --iec --invalidate --member --offset --output --partition --quiet --raw --si --threads --undo --unpack-limit --verbose --version'
_spacescope_options_undo='--allow-outside --ddrescue-map --device --format --help --iec --member --offset --partition --quiet --raw --si --threads --unpack-limit --verbose --version'
_spacescope_options_tui='--allow-outside --ascii --color --ddrescue-map --device --help --member --offset --partition --threads --unpack-limit --version --write'
_spacescope_options_explain='--format --help --iec --quiet --raw --si --threads --verbose --version'
_spacescope_codes='
cache-absent cache-discarded cache-inode-missing cache-inode-unlawful cache-old-format
cache-size-zero cache-stamps cache-no-entries cache-unreadable cache-no-extent cache-crc
cache-page-stamp cache-overrun cache-zero-entry cache-duplicate cache-entry-type cache-many-bitmaps
cache-total cache-insert cache-crash-pages cache-crash-mode cache-crash-wrap cache-crash-entries
content-excess content-misplaced content-short content-outside content-unaligned content-overlap
content-bitmap-count content-bitmap-grid content-bitmap-endian cache-num-bitmaps cache-location
cache-inline-extent cache-future-stamp cache-shared-inode cache-small-group cache-orphan-header
cache-orphan-inode cache-generation cache-stale-danger cache-copies-differ cache-page-copy
cache-left-over cache-unused-wrong group-used group-overlap group-outside group-unreadable
group-header-hidden group-item-missing group-chunk group-hidden extent-stray fst-invalid
fst-unreadable fst-info fst-count fst-item fst-stray fst-crash-flags fst-excess fst-short log-tree
log-unreadable super-mirror super-primary super-differs super-rule super-bytes-used device-missing
stripe-missing device-differs tree-block-copy tree-block tree-order chunk-bad dev-extent root-bad
mount-lookup image-in-use image-is-dump image-unread findings-cut
'
# end words

_spacescope() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' word i
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		[[ ${COMP_WORDS[i - 1]} != --format && " $_spacescope_commands " == *" $word "* ]] || continue
		command=$word
		break
	done
	case $prev in
	--format)
		local formats='text json'
		[[ $command && $command != validate ]] || formats+=' ndjson'
		COMPREPLY=($(compgen -W "$formats" -- "$cur"))
		return
		;;
	--root)
		COMPREPLY=($(compgen -W "$_spacescope_trees" -- "$cur"))
		return
		;;
	--color)
		COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
		return
		;;
	--device | --undo | --output)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	--threads | --partition | --offset | --member | --unpack-limit | --group)
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		local options="_spacescope_options${command:+_$command}"
		COMPREPLY=($(compgen -W "${!options}" -- "$cur"))
	elif [[ ! $command ]]; then
		COMPREPLY=($(compgen -W "$_spacescope_commands" -- "$cur"))
	elif [[ $command == explain ]]; then
		COMPREPLY=($(compgen -W "$_spacescope_codes" -- "$cur"))
	else
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}

complete -o filenames -F _spacescope spacescope
