<?php
/**
 * Names what PHP 7.4 lacks in the files given: `php newer.php FILE…`, a line each.
 *
 * Only newer interpreters are at hand, so the tokens are looked at instead of running it.
 */

/** Functions that came with PHP 8.0 to 8.4 and that WordPress 6.1 doesn't bring itself. */
const NEWER = array(
	'fdiv', 'get_debug_type', 'get_resource_id', 'preg_last_error_msg', 'array_is_list', 'fsync', 'fdatasync',
	'enum_exists', 'ini_parse_quantity', 'memory_reset_peak_usage', 'json_validate', 'mb_str_pad', 'array_find',
	'array_find_key', 'array_any', 'array_all', 'mb_trim', 'mb_ltrim', 'mb_rtrim', 'mb_ucfirst', 'mb_lcfirst',
);
const TYPES = array( 'mixed', 'never', 'false', 'null', 'true' );

/** Return the tokens that matter, each with its line. */
function tokens_of( string $code ): array {
	$tokens = array();
	$line   = 1;
	foreach ( token_get_all( $code ) as $one ) {
		$one  = is_array( $one ) ? $one : array( 0, $one, $line );
		$line = $one[2];
		if ( ! in_array( $one[0], array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true ) ) {
			$tokens[] = $one;
		}
	}
	return $tokens;
}

/** Return the position behind the bracket that closes the one at a position. */
function behind( array $tokens, int $at ): int {
	for ( $depth = 0; $at < count( $tokens ); $at++ ) {
		$depth += in_array( $tokens[ $at ][1], array( '(', '[', '{' ), true ) ? 1 : 0;
		$depth -= in_array( $tokens[ $at ][1], array( ')', ']', '}' ), true ) ? 1 : 0;
		if ( 0 === $depth ) {
			return $at + 1;
		}
	}
	return $at;
}

/** Return what is newer in the head of the function that begins at a position. */
function in_head( array $tokens, int $at ): array {
	while ( '(' !== $tokens[ $at ][1] ) {
		$at++;
	}
	$end   = behind( $tokens, $at );
	$stop  = $end;
	while ( $stop < count( $tokens ) && ! in_array( $tokens[ $stop ][1], array( '{', ';', '=>' ), true ) ) {
		$stop++;
	}
	$found = array();
	if ( ',' === $tokens[ $end - 2 ][1] ) {
		$found[] = array( $tokens[ $at ][2], 'a comma behind the last parameter' );
	}
	$is_value = 0;
	for ( $now = $at; $now < $stop; $now++ ) {
		list( $id, $text, $line ) = $tokens[ $now ];
		$is_value = '=' === $text ? 1 : ( ',' === $text || T_VARIABLE === $id ? 0 : $is_value );
		if ( ! $is_value && ( '|' === $text || '&' === $text && T_STRING === $tokens[ $now + 1 ][0] ) ) {
			$found[] = array( $line, 'a type of several' );
		}
		if ( ! $is_value && T_STRING === $id && in_array( strtolower( $text ), TYPES, true ) || T_STATIC === $id && $now >= $end ) {
			$found[] = array( $line, "the type $text" );
		}
		if ( in_array( $id, array( T_PUBLIC, T_PROTECTED, T_PRIVATE ), true ) ) {
			$found[] = array( $line, 'a property in the constructor' );
		}
		if ( T_NEW === $id ) {
			$found[] = array( $line, 'new in a default' );
		}
	}
	return $found;
}

/** Return lines and what is newer there. */
function newer( string $code ): array {
	$found  = array();
	$tokens = tokens_of( $code );
	$single = array(
		T_MATCH                    => 'match',
		T_ATTRIBUTE                => 'an attribute',
		T_NULLSAFE_OBJECT_OPERATOR => '?->',
		T_ENUM                     => 'enum',
		T_READONLY                 => 'readonly',
	);
	foreach ( $tokens as $at => list( $id, $text, $line ) ) {
		$before = $at ? $tokens[ $at - 1 ] : array( 0, '', 0 );
		$next   = isset( $tokens[ $at + 1 ] ) ? $tokens[ $at + 1 ] : array( 0, '', 0 );
		if ( ! empty( $single[ $id ] ) ) {
			$found[] = array( $line, $single[ $id ] );
		}
		if ( T_FUNCTION === $id || T_FN === $id ) {
			$found = array_merge( $found, in_head( $tokens, $at ) );
		}
		if ( T_STRING === $id && ':' === $next[1] && in_array( $before[1], array( '(', ',' ), true ) ) {
			$found[] = array( $line, 'a named argument' );
		}
		if ( T_STRING === $id && '(' === $next[1] && in_array( strtolower( $text ), NEWER, true ) && T_OBJECT_OPERATOR !== $before[0] && T_FUNCTION !== $before[0] ) {
			$found[] = array( $line, "$text()" );
		}
		if ( T_CATCH === $id && T_VARIABLE !== $tokens[ behind( $tokens, $at + 1 ) - 2 ][0] ) {
			$found[] = array( $line, 'catch without a variable' );
		}
		if ( T_THROW === $id && ! in_array( $before[1], array( ';', '{', '}', ':', ')' ), true ) && T_OPEN_TAG !== $before[0] && T_ELSE !== $before[0] ) {
			$found[] = array( $line, 'throw in an expression' );
		}
		if ( T_CLASS === $id && T_DOUBLE_COLON === $before[0] && T_VARIABLE === $tokens[ $at - 2 ][0] ) {
			$found[] = array( $line, '$object::class' );
		}
		if ( T_ELLIPSIS === $id && ')' === $next[1] && '(' === $before[1] ) {
			$found[] = array( $line, 'a function as a value' );
		}
	}
	return $found;
}

foreach ( array_slice( $argv, 1 ) as $file ) {
	foreach ( newer( (string) file_get_contents( $file ) ) as list( $line, $what ) ) {
		echo basename( $file ), ':', $line, ' ', $what, "\n";
	}
}
